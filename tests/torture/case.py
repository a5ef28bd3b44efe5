"""A case: a schema with rows, and a migration, both made of parts that can be taken out one by one.

A change is applied to the state (tables and columns under their names of the moment) and leaves its statements.
Taking parts out means: reset the state, and apply the changes that are left.
"""

import dataclasses

from .names import quote


class Gone(Exception):
    """A part needs another one that was taken out."""


@dataclasses.dataclass(eq=False)
class Named:
    """Something that a migration can rename or drop: a constraint, an index, a type. `name` is its name before."""

    name: str
    uses: tuple = ()  # tables and columns without which it cannot be
    about: str = ""
    now: str = None
    gone: bool = False

    def reset(self):
        self.now, self.gone = self.name, False


@dataclasses.dataclass(eq=False)
class Fill:
    """A conversion: an expression over columns, and which ones. expression(name_of) gives its text."""

    expression: object
    sources: tuple
    annotated: bool = True

    def text(self, name_of):
        return self.expression(name_of)


class Column:
    """A column of either version or both; `name` is its name before, or in the ADD COLUMN."""

    def __init__(self, table, name, kind, *, not_null=False, default=None, added=False):
        self.table, self.name, self.kind, self.added = table, name, kind, added
        self.first_not_null, self.first_default = not_null, default
        self.unique = False  # values are made with {n}
        self.key = False
        self.automatic = None  # the clause of a serial, an identity or a generated column
        self.views = []  # views that a migration can drop and make again
        self.held = False  # a view, a trigger or a generated column depends on it
        self.steady = True  # False: a trigger writes it
        self.references = None  # the ForeignKey that it is part of
        self.removed = False
        self.old_values = self.new_values = ()
        self.reset()

    def reset(self):
        self.now = self.name
        self.type = self.kind.type
        self.not_null, self.default = self.first_not_null, self.first_default
        self.old_not_null = self.first_not_null  # as the old version writes
        self.never_null = False  # nor does the new version write NULL
        self.dropped = False
        self.up = self.down = self.existing = None
        self.computed = None  # of a generated column that a change adds
        self.suffixed = False  # its up gives values that its kind does not have
        self.inverse = True  # after any write the new value is up of the old ones
        self.touched = set()  # what changes did to it
        self.old_values = self.new_values = self.first_values()

    def first_values(self):
        return (self.kind.unique,) if self.unique else self.kind.values

    @property
    def quoted(self):
        return quote(self.now)

    @property
    def quoted_old(self):
        return quote(self.name)

    @property
    def generated(self):
        return bool(self.automatic) and "STORED" in self.automatic

    def definition(self):
        """The element of CREATE TABLE."""
        text = f"{self.quoted_old} {self.kind.type}"
        if self.automatic:
            return f"{self.quoted_old} {self.automatic}" if "serial" in self.automatic else f"{text} {self.automatic}"
        if self.first_default is not None:
            text += f" DEFAULT {self.first_default}"
        return text + (" NOT NULL" if self.first_not_null else "")


@dataclasses.dataclass(eq=False)
class ForeignKey:
    """columns point to parent_columns; values are those of the parent's rows."""

    columns: tuple
    parent: object
    parent_columns: tuple
    declared: bool = False  # as a constraint, not only by the rows


class Table:
    """A table of either version or both."""

    def __init__(self, name, created=False):
        self.name, self.created = name, created
        self.first_columns, self.key, self.rows = [], (), []
        self.constraints, self.indexes, self.foreign_keys = [], [], []
        self.options, self.key_clause = "", "PRIMARY KEY"
        self.key_name = None  # a Named, where the schema gives the key a name
        self.partitions = []  # names
        self.kept_rows = None  # other tables point to them: traffic leaves them alone
        self.audited = False
        self.removed = False
        self.reset()

    def reset(self):
        self.now, self.dropped = self.name, False
        self.columns = list(self.first_columns)
        self.live_foreign_keys = list(self.foreign_keys)
        for part in self.columns + self.constraints + self.indexes + [self.key_name] * (self.key_name is not None):
            part.reset()

    @property
    def quoted(self):
        return quote(self.now)

    @property
    def quoted_old(self):
        return quote(self.name)

    def present(self):
        """The columns that the schema has before the migration."""
        return [column for column in self.first_columns if not column.removed]

    def current(self):
        """The columns of the new version."""
        return [column for column in self.columns if not column.removed and not column.dropped]


@dataclasses.dataclass(eq=False)
class Piece:
    """A statement of the schema beside the tables; uses: what has to be there."""

    sql: str
    uses: tuple = ()
    before: bool = False  # a type: comes before the tables
    removed: bool = False


@dataclasses.dataclass(eq=False)
class Change:
    """A part of the migration. apply(case) changes the state and adds its statements."""

    kind: str
    uses: tuple
    apply: object
    removed: bool = False


class Case:
    """Everything that a seed means."""

    def __init__(self, seed):
        self.seed = seed
        self.luck = 0  # another sequence of choices for the same case
        self.tables, self.pieces, self.changes = [], [], []
        self.enums, self.views = [], []
        self.lines = []  # [statement, actions of an ALTER TABLE]
        self.joins, self.qualifier = False, ""
        self.lasting_types = set()  # types that keep a label after a rollback

    def reset(self):
        self.lines, self.lasting_types = [], set()
        self.tables = [table for table in self.tables if not table.created]
        for table in self.tables:
            table.reset()
        for part in self.enums + self.views:
            part.reset()

    def replay(self):
        """The state after all changes that are left; raises Gone when one cannot be."""
        self.reset()
        for change in self.changes:
            if not change.removed:
                self.apply(change)

    def apply(self, change):
        if any(is_gone(part) or _left(self, part) for part in change.uses):
            raise Gone(change.kind)
        change.apply(self)

    def say(self, statement):
        self.lines.append([statement, []])

    def alter(self, table, action):
        """An action of ALTER TABLE; now and then several of them stand in one statement."""
        prefix = f"ALTER TABLE {self.qualifier}{table.quoted} "
        if self.joins and self.lines and self.lines[-1][0] == prefix:
            self.lines[-1][1].append(action)
        else:
            self.lines.append([prefix, [action]])

    def statements(self):
        """The migration's statements, without semicolons."""
        return [prefix + ", ".join(actions) for prefix, actions in self.lines]

    def old_tables(self):
        return [table for table in self.tables if not table.created and not table.removed]

    def new_tables(self):
        return [table for table in self.tables if not table.removed and not table.dropped]

    def schema_sql(self):
        parts = [piece.sql for piece in self.pieces if piece.before and not unusable(piece)]
        parts += [_create_table(table) for table in self.old_tables()]
        parts += [text for table in self.old_tables() for text in _insert_rows(table)]
        parts += [piece.sql for piece in self.pieces if not piece.before and not unusable(piece)]
        return ";\n".join(parts) + ";\n"

    def migration_sql(self):
        return "".join(f"{line}\n" for line in self.annotations()) + "".join(
            f"{statement};\n" for statement in self.statements())

    def annotations(self):
        """The conversions, under the names that they have in the end."""
        lines = []
        for table in self.tables:
            for column in table.columns:
                if column.removed or table.removed or table.dropped:
                    continue
                for word, fill, name, name_of in (("up", column.up, column.now, old_name),
                                                  ("existing", column.existing, column.now, old_name),
                                                  ("down", column.down, column.name, new_name)):
                    if fill and fill.annotated:
                        lines.append(f"-- segue: {word} {table.quoted}.{quote(name)} = {fill.text(name_of)}")
        return lines


def old_name(column):
    if column.removed or column.added:
        raise Gone(column.name)
    return column.quoted_old


def new_name(column):
    if column.removed or column.dropped:
        raise Gone(column.name)
    return column.quoted


def is_gone(part):
    if getattr(part, "removed", False):
        return True
    table = getattr(part, "table", None)
    return (table is not None and table.removed) or any(is_gone(used) for used in getattr(part, "uses", ()))


def _left(case, part):
    """Whether an earlier change dropped the part, or the change that would have added it was taken out."""
    if isinstance(part, Column):
        return part.dropped or part not in part.table.columns or _left(case, part.table)
    if isinstance(part, Table):
        return part.dropped or part not in case.tables
    return isinstance(part, Named) and (part.gone or any(_left(case, used) for used in part.uses))


def unusable(piece):
    return piece.removed or any(is_gone(part) for part in piece.uses)


def _create_table(table):
    elements = [column.definition() for column in table.present()]
    if table.key and not any(column.removed for column in table.key):
        name = f"CONSTRAINT {quote(table.key_name.name)} " if table.key_name else ""
        elements.append(f"{name}{table.key_clause} (" + ", ".join(column.quoted_old for column in table.key) + ")")
    statement = f"CREATE TABLE {table.quoted_old} (\n    " + ",\n    ".join(elements) + "\n)"
    if not table.partitions:
        return statement + table.options
    return ";\n".join([f"{statement} PARTITION BY HASH ({table.key[0].quoted_old})"] + [
        f"CREATE TABLE {quote(name)} PARTITION OF {table.quoted_old} FOR VALUES WITH (MODULUS {len(table.partitions)},"
        f" REMAINDER {number})" for number, name in enumerate(table.partitions)])


def _insert_rows(table, batch=100):
    """The rows; serial and identity columns count by themselves, so row number n has n there."""
    columns = [column for column in table.present() if not column.automatic]
    for begin in range(0, len(table.rows), batch):
        rows = table.rows[begin:begin + batch]
        if not columns:
            yield from (f"INSERT INTO {table.quoted_old} DEFAULT VALUES" for _ in rows)
            continue
        values = ",\n    ".join("(" + ", ".join(row[column] for column in columns) + ")" for row in rows)
        yield (f"INSERT INTO {table.quoted_old} (" + ", ".join(column.quoted_old for column in columns)
               + f") VALUES\n    {values}")
