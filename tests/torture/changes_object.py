"""Changes of indexes, tables, enum types and comments."""

from .case import Change, Column, Fill, ForeignKey, Named, Table
from .changes_column import is_free, old_table, over, pick
from .dependents import index_text
from .kinds import KINDS, Kind
from .names import quote


def create_index(rng, case):
    table = old_table(rng, case)
    columns = [column for column in table.current() if "type" not in column.touched
               and (not column.added or column.type == column.kind.type)]
    state = rng.getstate()
    found = columns and index_text(rng, columns)
    if not found:
        return None
    used = found[1]
    after = rng.getstate()
    unique = any(column.unique for column in used[:1]) and found[0].startswith("(") and rng.random() < 0.3
    name = case.names.new("ix") if rng.random() < 0.7 else None
    concurrently = rng.choice(("", "", " CONCURRENTLY"))
    del after

    def apply(_case):
        import random  # the same choices again, over the columns' names of the moment
        again = random.Random()
        again.setstate(state)
        text = index_text(again, columns)[0]
        label = f" {quote(name)}" if name else ""
        case.say(f"CREATE {'UNIQUE ' if unique else ''}INDEX{concurrently}{label} ON {table.quoted} {text}")
    return Change("create index " + found[0].split(" ")[1] if found[0].startswith("USING") else "create index btree",
                  (table, *columns), apply)


def _index(rng, case):
    found = [(table, part) for table in case.tables if not table.dropped and not table.created
             for part in table.indexes if not part.gone]
    return rng.choice(found) if found else (None, None)


def drop_index(rng, case):
    table, part = _index(rng, case)
    if not table:
        return None
    concurrently = rng.choice(("", "", " CONCURRENTLY"))
    again = [column for column in part.uses[1:] if column.kind.equality and "type" not in column.touched and not column.dropped]
    again = again[0] if again and rng.random() < 0.3 else None

    def apply(_case):
        part.gone = True
        case.say(f"DROP INDEX{concurrently} {quote(part.now)}")
        if again:
            case.say(f"CREATE INDEX {quote(part.now)} ON {table.quoted} ({again.quoted} DESC)")
            again.touched.add("constraint")
    return Change("drop index" + (" and make it anew" if again else ""), (part,) + ((again,) if again else ()), apply)


def rename_index(rng, case):
    table, part = _index(rng, case)
    if not table:
        return None
    name = case.names.new("renamed")

    def apply(_case):
        case.say(f"ALTER INDEX {quote(part.now)} RENAME TO {quote(name)}")
        part.now = name
    return Change("rename index", (part,), apply)


def comment_on_index(rng, case):
    table, part = _index(rng, case)
    if not table:
        return None
    return Change("comment on index", (part,), lambda _: case.say(f"COMMENT ON INDEX {quote(part.now)} IS 'fast'"))


def rename_table(rng, case):
    table = old_table(rng, case)
    if not table or table.now != table.name:
        return None
    name = case.names.new()

    def apply(_case):
        old, table.now = table.quoted, name
        case.say(f"ALTER TABLE {case.qualifier}{old} RENAME TO {table.quoted}")
    return Change("rename table", (table,), apply)


def create_table(rng, case):
    table = Table(case.names.new(), created=True)
    key = Column(table, case.names.new("id"), KINDS[rng.choice(("bigint", "uuid", "text"))], not_null=True)
    key.unique = key.key = True
    table.first_columns.append(key)
    table.key = (key,)
    for _ in range(rng.randrange(4)):
        column = Column(table, case.names.new(), rng.choice(list(KINDS.values())), not_null=rng.random() < 0.4)
        if rng.random() < 0.3:
            column.first_default = rng.choice(column.kind.values)
        table.first_columns.append(column)
    uses = []
    parents = [other for other in case.tables if len(other.key) == 1 and not other.dropped and not other.created
               and not other.key[0].dropped]
    if parents and rng.random() < 0.5:
        parent = rng.choice(parents)
        column = Column(table, case.names.new("ref"), parent.key[0].kind)
        table.first_columns.append(column)
        parent.kept_rows = True
        column.references = ForeignKey((column,), parent, parent.key, True)
        table.foreign_keys.append(column.references)
        uses = [parent, *parent.key]
    comment = rng.random() < 0.3
    index = rng.choice(table.first_columns) if rng.random() < 0.4 else None

    def apply(_case):
        table.reset()
        case.tables.append(table)
        parts = [column.definition() + (f" REFERENCES {column.references.parent.quoted} ({column.references.parent.key[0].quoted})"
                                        if column.references else "") for column in table.first_columns]
        case.say(f"CREATE TABLE {table.quoted} (" + ", ".join(parts) + f", PRIMARY KEY ({key.quoted}))")
        if index and index.kind.equality:
            case.say(f"CREATE INDEX ON {table.quoted} ({index.quoted})")
        if comment:
            case.say(f"COMMENT ON TABLE {table.quoted} IS 'new'")
    return Change("create table", tuple(uses), apply)


def drop_table(rng, case):
    found = [table for table in case.tables if not table.dropped and not table.created and not table.kept_rows
             and not any(column.held or column.views for column in table.columns) and not any(column.touched for column in table.columns)]
    if not found or sum(not table.dropped for table in case.old_tables()) < 2:
        return None  # one stays: most other changes need a table
    table = rng.choice(found)

    def apply(_case):
        table.dropped = True
        case.say(f"DROP TABLE {table.quoted}")
    return Change("drop table", (table,), apply)


def comment(rng, case):
    table = old_table(rng, case)
    column = rng.choice([column for column in table.current()] or [None])
    text = rng.choice(("'a new comment'", "NULL", "'it''s -- größer'"))

    def apply(_case):
        if column and text != "NULL":
            case.say(f"COMMENT ON COLUMN {case.qualifier}{table.quoted}.{column.quoted} IS {text}")
        else:
            case.say(f"COMMENT ON TABLE {case.qualifier}{table.quoted} IS {text}")
    return Change("comment", (table, column) if column else (table,), apply)


def create_enum(rng, case):
    """A new type, and a column of it: new, or converted."""
    name = case.names.new("type")
    labels = ("open", "closed", "waiting", "lost")
    kind = Kind("new enum", quote(name), tuple(f"'{label}'" for label in labels))
    column = pick(rng, case, lambda c: is_free(c) and c.kind.name == "status" and not any(
        c in part.uses and not part.gone for part in c.table.constraints + c.table.indexes))
    table = old_table(rng, case)
    added = Column(table, case.names.new("added"), kind, added=True)
    added.first_default = rng.choice(kind.values) if rng.random() < 0.6 else None
    added.first_not_null = added.first_default is not None and rng.random() < 0.5

    def apply(_case):
        case.say(f"CREATE TYPE {kind.type} AS ENUM (" + ", ".join(kind.values) + ")")
        if column:
            if column.default is not None:
                case.alter(column.table, f"ALTER COLUMN {column.quoted} DROP DEFAULT")
            column.default = None
            column.up, column.down = over(f"{{c}}::{kind.type}", column), over("{c}::text", column)
            column.type = kind.type
            column.touched.add("type")
            case.alter(column.table, f"ALTER COLUMN {column.quoted} TYPE {kind.type} USING {column.quoted}::{kind.type}")
            return
        added.reset()
        table.columns.append(added)
        added.touched.add("added")
        default = f" DEFAULT {added.first_default}" if added.first_default else ""
        case.alter(table, f"ADD COLUMN {added.quoted} {kind.type}{default}{' NOT NULL' if added.first_not_null else ''}")
    return Change("create enum, " + ("convert" if column else "add column"), (column,) if column else (table,), apply)


def add_enum_value(rng, case):
    """A label more: for the new version alone, or at once for both."""
    if not case.enums:
        return None
    enum = rng.choice(case.enums)
    users = [column for table in case.tables if not table.dropped and not table.created
             for column in table.current() if column.kind is enum.kind]
    if any(column.touched or column.held or column.views or column.key for column in users) or enum.gone:
        return None
    label = "label " + str(rng.randrange(100))
    literal = "'" + label.replace("'", "''") + "'"
    place = rng.choice(("", f" BEFORE '{enum.labels[0]}'", f" AFTER '{enum.labels[0]}'"))
    expand = bool(users) and rng.random() < 0.3

    def apply(_case):
        enum.gone = True  # once is enough
        phase = "-- segue: phase expand\n" if expand else ""
        if expand:
            case.lasting_types.add(enum.name)
        case.say(f"{phase}ALTER TYPE {enum.kind.type} ADD VALUE {'IF NOT EXISTS ' if expand else ''}{literal}{place}")
        for column in users:
            column.touched.add("label")
            if expand:
                continue
            column.inverse = False
            column.up = over("{c}", column)
            column.up.annotated = False
            column.new_values = column.kind.values + (literal,)
            column.down = over(f"CASE WHEN {{c}} = {literal} THEN '{enum.labels[0]}' ELSE {{c}}::text END::{enum.kind.type}", column)
    return Change("add enum value" + (" expand" if expand else "" if users else " unused"), tuple(users), apply)
