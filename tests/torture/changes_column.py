"""Changes of columns: ADD, DROP, RENAME, TYPE, NOT NULL, DEFAULT, and columns that become others."""

from .case import Change, Column, Fill, ForeignKey
from .dependents import view_text
from .kinds import CONVERSIONS, KINDS
from .names import quote


def pick(rng, case, wanted):
    """A column of the new version, or None."""
    found = [column for table in case.tables if not table.dropped and not table.created
             for column in table.columns if not column.dropped and wanted(column)]
    return rng.choice(found) if found else None


def old_table(rng, case):
    """A table that both versions have, or None."""
    found = [table for table in case.tables if not table.dropped and not table.created]
    return rng.choice(found) if found else None


def is_free(column):
    """Whether a change may convert or drop the column: what segue cannot do online yet is left alone."""
    return is_free_but_viewed(column) and not column.views


def is_free_but_viewed(column):
    """The same, where the change drops the column's views and makes them again."""
    return not (column.added or column.key or column.held or column.automatic or column.references
                or column.touched - {"renamed"} or any(view.gone for view in column.views))


def may_go(column):
    """Whether a change may drop the column: one that the file renames it refuses to drop."""
    return not column.touched


def drop_views(case, column):
    """Away with the column's views; what has to be said to make them again is for `views_back`."""
    for view in column.views:
        case.say(f"DROP {view.about} {quote(view.name)}")


def views_back(case, column):
    """The views again, over the columns as they are now."""
    for view in column.views:
        case.say(view_text(view))


def dependents(column):
    """Constraints and indexes over the column."""
    return [part for part in column.table.constraints + column.table.indexes if column in part.uses and not part.gone]


def over(template, *columns):
    """A Fill: {c} and {d} in the template stand for the columns."""
    def expression(name_of):
        text = template
        for mark, column in zip(("{c}", "{d}"), columns):
            text = text.replace(mark, name_of(column))
        return text
    return Fill(expression, columns)


def converted(template, column):
    """The column's values of the old version after the template's conversion, as literals of the new type."""
    return tuple(template.replace("{c}", f"({text})::{column.kind.type}") for text in column.first_values())


def add_column(rng, case):
    """A column that needs no conversion."""
    table = old_table(rng, case)
    kind = rng.choice(list(KINDS.values()))
    column = Column(table, case.names.new("added"), kind, added=True)
    style = rng.choice(("nullable", "default", "default", "not null", "existing", "volatile", "check", "unique", "references"))
    action = ""
    if style == "volatile" and kind.volatile_default:
        column.first_default = kind.volatile_default
    elif style != "nullable" and style not in ("unique", "references"):
        column.first_default = rng.choice(kind.values)
    column.first_not_null = style in ("not null", "existing", "volatile") and column.first_default is not None
    if style == "check" and kind.checks:
        action = f" CHECK ({rng.choice(kind.checks).replace('{c}', column.quoted)})"
    if style == "unique" and kind.unique and kind.equality:
        column.unique = True
        action = " UNIQUE"
    existing = rng.choice(kind.values) if style == "existing" else None
    parents = [other for other in case.tables if len(other.key) == 1 and not other.dropped and not other.created
               and not other.key[0].dropped]
    uses = [table]
    if style == "references" and parents:
        parent = rng.choice(parents)
        column.kind = parent.key[0].kind
        parent.kept_rows = True
        key = ForeignKey((column,), parent, parent.key)
        uses += [parent, *parent.key]

    def apply(_case):
        column.reset()
        table.columns.append(column)
        text = action
        if style == "references" and parents:
            column.references = key
            table.live_foreign_keys.append(key)
            text = f" REFERENCES {parent.quoted} ({parent.key[0].quoted})"
        if existing:
            column.existing = Fill(lambda _: existing, ())
        default = f" DEFAULT {column.first_default}" if column.first_default is not None else ""
        case.alter(table, f"ADD COLUMN {column.quoted} {column.kind.type}{default}"
                   f"{' NOT NULL' if column.first_not_null else ''}{text}")
        column.touched.add("added")
    return Change(f"add column {style}", tuple(uses), apply)


_DERIVED = (("text", "upper({c})", "text"), ("text", "coalesce(length({c}), 0)", "integer"), ("text", "{c} || '!'", "word"),
            ("integer", "{c}::bigint * 2", "bigint"), ("integer", "coalesce({c}, 0)::text", "text"),
            ("boolean", "NOT {c}", "boolean"), ("date", "{c} + 1", "date"), ("jsonb", "jsonb_build_array({c})", "jsonb"),
            ("uuid", "md5({c}::text)", "text"), ("numeric(12,2)", "round({c})", "numeric plain"))


def derive_column(rng, case):
    """A new column with an up and no way back."""
    column = pick(rng, case, lambda c: not c.added and not c.generated and c.steady
                  and any(c.kind.type == entry[0] for entry in _DERIVED))
    if not column:
        return None
    _, template, kind = rng.choice([entry for entry in _DERIVED if entry[0] == column.kind.type])
    added = Column(column.table, case.names.new("derived"), KINDS[kind], added=True)
    added.first_not_null = "coalesce" in template or (column.first_not_null and rng.random() < 0.5)

    def apply(_case):
        added.reset()
        column.table.columns.append(added)
        added.up, added.inverse = over(template, column), False
        added.touched.add("added")
        case.alter(column.table, f"ADD COLUMN {added.quoted} {added.kind.type}{' NOT NULL' if added.first_not_null else ''}")
    return Change("add column derived", (column,), apply)


_AUTOMATIC = (("integer", "serial"), ("bigint", "bigserial"), ("bigint", "bigint GENERATED BY DEFAULT AS IDENTITY"),
              ("integer", "integer GENERATED ALWAYS AS IDENTITY"))


def add_automatic_column(rng, case):
    """A column that gives itself its values: numbers, or an expression over another column."""
    source = pick(rng, case, lambda c: c.kind.name in ("text", "word", "integer", "small number") and not c.touched
                  and not c.generated and c.steady and not c.automatic)
    if not source:
        return None
    table = source.table
    generated = rng.random() < 0.5
    kind, clause = rng.choice(_AUTOMATIC[:2] if table.partitions else _AUTOMATIC)  # psql has no identity there before 17
    if generated:
        kind, template = ("text", "lower({c}) || '?'") if source.kind.type == "text" else ("bigint", "{c}::bigint - 7")
    column = Column(table, case.names.new("auto"), KINDS[kind], added=True)

    def apply(_case):
        column.reset()
        text = clause
        if generated:
            expression = template.replace("{c}", source.quoted)
            text = f"{kind} GENERATED ALWAYS AS ({expression}) STORED"
            column.computed = over(template, source)
            source.touched.add("generated from")
        column.automatic = text
        table.columns.append(column)
        column.touched.add("added")
        case.alter(table, f"ADD COLUMN {column.quoted} {text}")
    return Change("add column " + ("generated" if generated else "numbered"), (source,), apply)


def set_generated(rng, case):
    """An identity that lets a value be given, or no more."""
    column = pick(rng, case, lambda c: c.automatic and "IDENTITY" in c.automatic and not c.touched)
    if not column:
        return None
    what = "BY DEFAULT" if "ALWAYS" in column.automatic else "ALWAYS"

    def apply(_case):
        column.touched.add("identity")
        case.alter(column.table, f"ALTER COLUMN {column.quoted} SET GENERATED {what}")
    return Change("set generated " + what.lower(), (column,), apply)


def drop_column(rng, case):
    """A column away, and its views; with a down where the old version needs a value."""
    column = pick(rng, case, lambda c: is_free_but_viewed(c) and may_go(c) and len(c.table.current()) > 1)
    if not column:
        return None
    fallback = rng.choice(column.kind.values)
    with_down = not column.unique and rng.random() < 0.4 or column.first_not_null and column.first_default is None
    if with_down and column.unique:
        return None

    def apply(_case):
        column.dropped = True
        column.touched.add("dropped")
        for part in dependents(column):
            part.gone = True
        drop_views(case, column)
        for view in column.views:
            view.gone = True
        if with_down:
            column.down = Fill(lambda _: f"({fallback})::{column.kind.type}", ())
        case.alter(column.table, f"DROP COLUMN {column.quoted}")
    return Change("drop column" + (" with down" if with_down else ""), (column,), apply)


def rename_column(rng, case):
    """Another name; now and then two columns swap theirs."""
    column = pick(rng, case, lambda c: not c.touched & {"renamed", "viewed"} and not (c.held and not c.steady))
    if not column:
        return None
    name, between = case.names.new(), case.names.new()
    other = pick(rng, case, lambda c: c.table is column.table and c is not column and not c.added and c.steady and "viewed" not in c.touched)
    swap = other is not None and rng.random() < 0.15

    def rename(one, new):
        old = one.quoted
        one.now = new
        case.say(f"ALTER TABLE {case.qualifier}{column.table.quoted} RENAME COLUMN {old} TO {one.quoted}")
        one.touched.add("renamed")

    def apply(_case):
        if swap:
            first, second = column.now, other.now
            rename(column, between)
            rename(other, first)
            rename(column, second)
        else:
            rename(column, name)
    return Change("rename column" + (" swap" if swap else ""), (column, other) if swap else (column,), apply)


_WIDENING = ("integer", "bigint", "numeric", "numeric(20,0)", "double precision", "character varying", "character varying(500)",
             "character varying(60)", "character varying(80)")


def conversion_of(rng, column):
    """A conversion for the column that its constraints and indexes survive in psql; or None."""
    fitting = [conversion for conversion in CONVERSIONS if conversion.source == column.kind.name]
    if dependents(column):
        fitting = [conversion for conversion in fitting if conversion.target in _WIDENING and "up" in conversion.implied]
    return rng.choice(fitting) if fitting else None


def change_type(rng, case):
    """ALTER COLUMN TYPE with up, USING, or neither where the server's cast is enough."""
    column = pick(rng, case, is_free_but_viewed)
    conversion = column and conversion_of(rng, column)
    if not conversion:
        return None
    implied_up, implied_down = "up" in conversion.implied, "down" in conversion.implied
    using = not implied_up or rng.random() < 0.3
    say_up = rng.random() < 0.5
    say_down = not implied_down or rng.random() < 0.5
    keeps_default = implied_up and not column.unique
    new_default = rng.random() < 0.5

    def apply(_case):
        drop_views(case, column)
        had_default = column.default is not None
        if had_default and not keeps_default:
            case.alter(column.table, f"ALTER COLUMN {column.quoted} DROP DEFAULT")
        text = f" USING {conversion.up.replace('{c}', column.quoted)}" if using else ""
        case.alter(column.table, f"ALTER COLUMN {column.quoted} TYPE {conversion.target}{text}")
        column.up, column.down = over(conversion.up, column), over(conversion.down, column)
        column.up.annotated, column.down.annotated = say_up, say_down
        column.type = conversion.target.split(" COLLATE")[0]
        column.new_values = converted(conversion.up, column)
        column.touched.add("type")
        if had_default and keeps_default and column.kind.name == "double":
            column.inverse = False  # a kept default of 1e100 is one text, what comes back of a double another
        if had_default and not keeps_default:
            column.default = None
            if new_default:
                column.default = column.new_values[0].replace("{n}", "1")
                case.alter(column.table, f"ALTER COLUMN {column.quoted} SET DEFAULT {column.default}")
        views_back(case, column)
    return Change(("viewed " if column.views else "") + f"type {conversion.source} to {conversion.target}", (column,), apply)


def replace_column(rng, case):
    """A column gives way to one of another name and type."""
    column = pick(rng, case, lambda c: is_free(c) and may_go(c))
    fitting = [conversion for conversion in CONVERSIONS if column and conversion.source == column.kind.name]
    if not fitting:
        return None
    conversion = rng.choice(fitting)
    kind = column.kind
    added = Column(column.table, case.names.new("next"), kind, added=True)
    added_type = conversion.target
    same_name = rng.random() < 0.2

    def apply(_case):
        added.reset()
        added.type, added.not_null = added_type.split(" COLLATE")[0], column.first_not_null
        added.new_values = converted(conversion.up, column)
        column.table.columns.append(added)
        added.up, column.down = over(conversion.up, column), over(conversion.down, added)
        column.dropped = True
        column.touched.add("dropped")
        added.touched.add("added")
        for part in dependents(column):
            part.gone = True
        actions = [f"ADD COLUMN {{}} {added_type}{' NOT NULL' if column.first_not_null else ''}", f"DROP COLUMN {column.quoted}"]
        if same_name:
            added.now = column.now
            actions.reverse()
        for action in actions:
            case.alter(column.table, action.format(added.quoted) if action.startswith("ADD") else action)
    return Change("replace column" + (" under its name" if same_name else ""), (column,), apply)


def merge_columns(rng, case):
    """Two columns of words become one."""
    def is_word(column):
        return is_free(column) and may_go(column) and column.kind.name in ("word", "status", "digits", "listed")
    first = pick(rng, case, is_word)
    second = first and pick(rng, case, lambda c: is_word(c) and c is not first and c.table is first.table
                            and c.first_not_null == first.first_not_null)
    if not second:
        return None
    added = Column(first.table, case.names.new("merged"), KINDS["pair"], added=True)

    def apply(_case):
        added.reset()
        added.not_null = first.first_not_null
        added.new_values = tuple(f"{a} || ' ' || {b}" for a in first.first_values() for b in second.first_values())[:6]
        first.table.columns.append(added)
        added.touched.add("added")
        added.up = over("{c} || ' ' || {d}", first, second)
        first.down = over("split_part({c}, ' ', 1)", added)
        second.down = over("substr({c}, strpos({c}, ' ') + 1)", added)
        case.alter(first.table, f"ADD COLUMN {added.quoted} text{' NOT NULL' if added.not_null else ''}")
        for column in (first, second):
            column.dropped = True
            column.touched.add("dropped")
            for part in dependents(column):
                part.gone = True
            case.alter(column.table, f"DROP COLUMN {column.quoted}")
    return Change("merge columns", (first, second), apply)


def split_column(rng, case):
    """A column of two words becomes two."""
    column = pick(rng, case, lambda c: is_free(c) and may_go(c) and c.kind.name == "pair")
    if not column:
        return None
    parts = [Column(column.table, case.names.new("part"), KINDS["word"], added=True) for _ in range(2)]
    templates = ("split_part({c}, ' ', 1)", "substr({c}, strpos({c}, ' ') + 1)")

    def apply(_case):
        for part, template in zip(parts, templates):
            part.reset()
            part.not_null = column.first_not_null
            part.up = over(template, column)
            part.new_values = ("'w{n}'",) if column.unique else ("'one'", "'two'", "'drei'")
            part.touched.add("added")
            part.never_null = True  # a NULL beside a value could not come back
            part.inverse = column.first_not_null  # nor could a value that is put beside a NULL
            column.table.columns.append(part)
            case.alter(column.table, f"ADD COLUMN {part.quoted} text{' NOT NULL' if part.not_null else ''}")
        column.down = over("{c} || ' ' || {d}", *parts)
        column.dropped = True
        column.touched.add("dropped")
        for part in dependents(column):
            part.gone = True
        case.alter(column.table, f"DROP COLUMN {column.quoted}")
    return Change("split column", (column,), apply)


def set_not_null(rng, case):
    """Shared where no row is NULL, else with an up."""
    column = pick(rng, case, lambda c: not c.not_null and not c.added and not c.automatic and not c.touched
                  and not c.references and c.steady)
    if not column:
        return None
    has_null = any(row.get(column) == "NULL" for row in column.table.rows)
    if (has_null or rng.random() < 0.4) and (not is_free(column) or column.unique or not column.kind.equality):
        return None
    isolated = has_null or (is_free(column) and not column.unique and rng.random() < 0.4)
    fallback = rng.choice(column.kind.values)

    def apply(_case):
        column.not_null = True
        column.touched.add("not null")
        if isolated:
            column.up = over(f"coalesce({{c}}, ({fallback})::{column.kind.type})", column)
            column.down = over("{c}", column)
            column.down.annotated = False
        else:
            column.old_not_null = True
        case.alter(column.table, f"ALTER COLUMN {column.quoted} SET NOT NULL")
    return Change("set not null " + ("isolated" if isolated else "shared"), (column,), apply)


def drop_not_null(rng, case):
    """Shared, or with a down for what the new version leaves out."""
    column = pick(rng, case, lambda c: c.not_null and not c.added and not c.key and not c.automatic and not c.touched
                  and not c.references and c.steady)
    if not column:
        return None
    isolated = is_free(column) and not column.unique and rng.random() < 0.5
    fallback = rng.choice(column.kind.values)

    def apply(_case):
        column.not_null = False
        column.touched.add("not null")
        if isolated:
            column.down = over(f"coalesce({{c}}, ({fallback})::{column.kind.type})", column)
            column.up = over("{c}", column)
            column.up.annotated, column.inverse = False, False
        else:
            column.never_null = True  # NULL would bar the way back
        case.alter(column.table, f"ALTER COLUMN {column.quoted} DROP NOT NULL")
    return Change("drop not null " + ("isolated" if isolated else "shared"), (column,), apply)


def change_default(rng, case):
    """SET or DROP DEFAULT."""
    column = pick(rng, case, lambda c: not c.automatic and not c.unique and not c.references and c.steady
                  and not c.touched & {"type", "constraint"} and (not c.added or c.type == c.kind.type and not c.up))
    if not column:
        return None
    value = rng.choice(column.kind.values)
    drop = column.default is not None and rng.random() < 0.4

    def apply(_case):
        column.default = None if drop else value
        case.alter(column.table, f"ALTER COLUMN {column.quoted} " + ("DROP DEFAULT" if drop else f"SET DEFAULT {value}"))
    return Change("drop default" if drop else "set default", (column,), apply)
