"""Changes of keys: their types, with the foreign keys that point to them; keys added and dropped."""

from .case import Change
from .changes_column import converted, dependents, over, pick
from .kinds import CONVERSIONS
from .names import quote

_WIDER = ("bigint",)


def _can_change(column):
    return column.key and not column.held and not column.views and not column.touched and not column.table.partitions


def change_key_type(rng, case):
    """A wider number, and the columns that point to it along with it or not; or any type where nothing points to it."""
    column = pick(rng, case, _can_change)
    if not column:
        return None
    pointing = [(table, key) for table in case.tables if not table.dropped for key in table.live_foreign_keys
                if column in key.parent_columns]
    if dependents(column):
        return None
    fitting = [conversion for conversion in CONVERSIONS if conversion.source == column.kind.name and "up" in conversion.implied
               and (conversion.target in _WIDER or not (pointing or column.table.kept_rows or column.automatic))]
    if not fitting:
        return None
    conversion = rng.choice(fitting)
    children = [key.columns[key.parent_columns.index(column)] for _, key in pointing]
    children = [child for child in children if not child.touched and not child.held and not child.views and not child.added
                and not child.table.created and rng.random() < 0.6]

    def apply(_case):
        for one in [column] + children:
            if one.dropped:
                continue
            case.alter(one.table, f"ALTER COLUMN {one.quoted} TYPE {conversion.target}")
            one.up, one.down = over(conversion.up, one), over(conversion.down, one)
            one.up.annotated = False
            one.type = conversion.target
            one.new_values = converted(conversion.up, one)
            one.touched.add("type")
    return Change(f"key type to {conversion.target}" + (f" with {len(children)} of {len(pointing)} children" if pointing else ""),
                  (column, *children), apply)


def add_primary_key(rng, case):
    """On a table without one, over a column whose values are unique."""
    column = pick(rng, case, lambda c: c.unique and not c.table.key and c.first_not_null and "type" not in c.touched)
    if not column or any(change.kind == "add primary key" for change in case.changes):
        return None
    name = case.names.new("key") if rng.random() < 0.5 else None

    def apply(_case):
        label = f"CONSTRAINT {quote(name)} " if name else ""
        case.alter(column.table, f"ADD {label}PRIMARY KEY ({column.quoted})")
        column.touched.add("constraint")
    return Change("add primary key", (column,), apply)


def drop_primary_key(rng, case):
    """The rows keep their values, which stay unique by themselves."""
    found = [table for table in case.tables if table.key_name and not table.key_name.gone and not table.dropped
             and not table.kept_rows and not table.partitions and table.key_clause == "PRIMARY KEY"]
    if not found:
        return None
    table = rng.choice(found)
    again = rng.random() < 0.5

    def apply(_case):
        case.alter(table, f"DROP CONSTRAINT {quote(table.key_name.now)}")
        for column in table.key:
            column.touched.add("constraint")
        if again:
            case.alter(table, "ADD UNIQUE (" + ", ".join(column.quoted for column in table.key) + ")")
        table.key_name.gone = True
    return Change("drop primary key", (table.key_name,), apply)


def rename_key(rng, case):
    """The key constraint, and so its index."""
    found = [table for table in case.tables if table.key_name and not table.key_name.gone and not table.dropped]
    if not found:
        return None
    table = rng.choice(found)
    name = case.names.new("key")

    def apply(_case):
        case.say(f"ALTER TABLE {table.quoted} RENAME CONSTRAINT {quote(table.key_name.now)} TO {quote(name)}")
        table.key_name.now = name
    return Change("rename key", (table.key_name,), apply)
