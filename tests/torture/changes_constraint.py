"""Changes of constraints: CHECK, UNIQUE, FOREIGN KEY; added, dropped and renamed."""

from .case import Change, Fill, Named
from .changes_column import dependents, is_free, old_table, over, pick
from .kinds import KINDS
from .names import quote


def _constraint(rng, case, wanted):
    found = [(table, part) for table in case.tables if not table.dropped and not table.created
             for part in table.constraints if not part.gone and wanted(part)
             and not any(getattr(column, "dropped", False) for column in part.uses)]
    return rng.choice(found) if found else (None, None)


def add_check(rng, case):
    """True for all rows of both versions: it binds both."""
    column = pick(rng, case, lambda c: c.kind.checks and c.type == c.kind.type and "type" not in c.touched and "label" not in c.touched and c.steady
                  and not c.suffixed)
    if not column:
        return None
    condition = rng.choice(column.kind.checks)
    name = case.names.new("check") if rng.random() < 0.6 else None
    valid = rng.choice(("", "", "", " NOT VALID"))
    other = pick(rng, case, lambda c: c.table is column.table and c is not column and not c.touched and c.steady)
    other = other if rng.random() < 0.3 else None

    def apply(_case):
        label = f"CONSTRAINT {quote(name)} " if name else ""
        text = condition.replace("{c}", column.quoted)
        if other:
            text = f"{text} AND ({other.quoted} IS NULL OR {other.quoted} IS NOT NULL)"
            other.touched.add("constraint")
        case.alter(column.table, f"ADD {label}CHECK ({text}){valid}")
        column.touched.add("constraint")
    return Change("add check shared" + (" of two columns" if other else "") + valid.lower(), (column, other) if other else (column,), apply)


def add_check_isolated(rng, case):
    """Rows that violate it are converted by an up."""
    column = pick(rng, case, lambda c: is_free(c) and not c.unique and c.kind.equality and len(c.kind.values) > 1
                  and not c.kind.name.startswith("enum"))
    if not column:
        return None
    wrong, right = rng.sample(column.kind.values, 2)
    if column.default == wrong:
        return None

    def apply(_case):
        typed = f"({wrong})::{column.kind.type}"
        column.up = over(f"CASE WHEN {{c}} = {typed} THEN ({right})::{column.kind.type} ELSE {{c}} END", column)
        column.down = over("{c}", column)
        column.down.annotated = False
        column.new_values = tuple(text for text in column.kind.values if text != wrong)
        column.touched.add("constraint")
        case.alter(column.table, f"ADD CHECK ({column.quoted} <> {typed})")
    return Change("add check isolated", (column,), apply)


def drop_check(rng, case):
    table, part = _constraint(rng, case, lambda part: part.about == "check")
    if not table:
        return None
    column = part.uses[-1]
    isolated = is_free(column) and rng.random() < 0.3
    again = not isolated and "type" not in column.touched and rng.random() < 0.3

    def apply(_case):
        part.gone = True
        column.touched.add("constraint")
        if isolated:
            column.down = over("{c}", column)
            column.up = over("{c}", column)
            column.up.annotated = False
        case.alter(table, f"DROP CONSTRAINT {quote(part.now)}")
        if again:
            case.alter(table, f"ADD CONSTRAINT {quote(part.now)} CHECK ({column.quoted} IS NULL OR {column.quoted} IS NOT NULL)")
    return Change("drop check " + ("and make it anew" if again else "isolated" if isolated else "shared"), (part, column), apply)


def add_unique(rng, case):
    """Over columns whose values are unique anyway."""
    column = pick(rng, case, lambda c: c.unique and c.kind.equality and "type" not in c.touched and not c.added
                  and not c.table.partitions)
    if not column:
        return None
    others = [other for other in column.table.current() if other.kind.equality and other is not column and not other.added
              and "type" not in other.touched and other.steady]
    columns = [column] + rng.sample(others, min(len(others), rng.choice((0, 0, 1, 2))))
    if column.key and len(columns) == 1 and rng.random() < 0.7:
        return None
    rng.shuffle(columns)
    name = case.names.new("once") if rng.random() < 0.6 else None
    deferrable = rng.choice(("", "", "", " DEFERRABLE INITIALLY DEFERRED"))

    def apply(_case):
        label = f"CONSTRAINT {quote(name)} " if name else ""
        listed = ", ".join(one.quoted for one in columns)
        case.alter(column.table, f"ADD {label}UNIQUE ({listed}){deferrable}")
        for one in columns:
            one.touched.add("constraint")
    return Change("add unique shared", tuple(columns), apply)


def add_unique_isolated(rng, case):
    """Values that repeat get the key as a suffix."""
    column = pick(rng, case, lambda c: is_free(c) and c.kind.type == "text" and not c.unique and len(c.table.key) == 1 and c.default is None
                  and not any(part.about == "check" for part in dependents(c)) and not c.table.partitions)
    if not column:
        return None
    key = column.table.key[0]

    def apply(_case):
        column.up, column.down = over("{c} || '#' || {d}", column, key), over("{c}", column)
        column.down.annotated, column.inverse, column.suffixed = False, False, True
        column.new_values = ("'once {n}'",)
        column.touched.add("constraint")
        case.alter(column.table, f"ADD UNIQUE ({column.quoted})")
    return Change("add unique isolated", (column, key), apply)


def drop_unique(rng, case):
    table, part = _constraint(rng, case, lambda part: part.about == "unique")
    if not table:
        return None
    column = part.uses[-1]

    def apply(_case):
        part.gone = True
        column.touched.add("constraint")
        case.alter(table, f"DROP CONSTRAINT {quote(part.now)}")
    return Change("drop unique", (part,), apply)


def add_foreign_key(rng, case):
    """The values point to rows already."""
    found = [(table, key) for table in case.tables if not table.dropped and not table.created for key in table.foreign_keys
             if not key.declared and not key.parent.dropped and not any(column.dropped for column in key.columns)]
    if not found:
        return None
    table, key = rng.choice(found)
    name = case.names.new("fk") if rng.random() < 0.7 else None
    options = rng.choice(("", "", " NOT VALID", " ON DELETE CASCADE", " DEFERRABLE INITIALLY DEFERRED", " MATCH FULL"))

    def apply(_case):
        label = f"CONSTRAINT {quote(name)} " if name else ""
        case.alter(table, f"ADD {label}FOREIGN KEY (" + ", ".join(column.quoted for column in key.columns)
                   + f") REFERENCES {key.parent.quoted} (" + ", ".join(column.quoted for column in key.parent_columns)
                   + f"){options}")
    return Change("add foreign key" + options.lower(), (table, key.parent, *key.columns, *key.parent_columns), apply)


def drop_foreign_key(rng, case):
    table, part = _constraint(rng, case, lambda part: part.about == "foreign key")
    if not table:
        return None

    def apply(_case):
        part.gone = True
        case.alter(table, f"DROP CONSTRAINT {quote(part.now)}")
    return Change("drop foreign key", (part,), apply)


def rename_constraint(rng, case):
    table, part = _constraint(rng, case, lambda part: True)
    if not table:
        return None
    name = case.names.new("renamed")

    def apply(_case):
        case.say(f"ALTER TABLE {case.qualifier}{table.quoted} RENAME CONSTRAINT {quote(part.now)} TO {quote(name)}")
        part.now = name
    return Change("rename constraint", (part,), apply)


def comment_on_constraint(rng, case):
    table, part = _constraint(rng, case, lambda part: True)
    if not table:
        return None
    return Change("comment on constraint", (part,), lambda _: case.say(
        f"COMMENT ON CONSTRAINT {quote(part.now)} ON {table.quoted} IS 'why it''s there'"))
