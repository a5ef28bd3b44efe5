"""Statements that are not about rows: views, privileges, properties of tables, types and other objects."""

from .case import Change
from .changes_column import old_table
from .names import quote


def _column(rng, table, wanted=lambda column: True):
    found = [column for column in table.current() if wanted(column)]
    return rng.choice(found) if found else None


def create_view(rng, case):
    table = old_table(rng, case)
    columns = [column for column in table.current() if not column.dropped]
    if not columns:
        return None
    columns = rng.sample(columns, min(len(columns), rng.choice((1, 2, 3))))
    name, comment = case.names.new("view"), rng.random() < 0.3
    kind = rng.choice(("VIEW", "VIEW", "VIEW", "MATERIALIZED VIEW"))
    where = rng.random() < 0.3

    def apply(_case):
        listed = ", ".join(column.quoted for column in columns)
        condition = f" WHERE {columns[0].quoted} IS NOT NULL" if where else ""
        case.say(f"CREATE {kind} {quote(name)} AS SELECT {listed} FROM {table.quoted}{condition}")
        if comment:
            case.say(f"COMMENT ON {kind} {quote(name)} IS 'seen'")
        for column in columns:
            column.held = True
    return _restoring(Change(f"create {kind.lower()}", (table, *columns), apply), columns)


def _restoring(change, columns):
    """Held by the file's own view, the columns are left alone by changes below; the case before the file knows nothing of it."""
    held, apply = [column.held for column in columns], change.apply

    def applied(case):
        apply(case)
        for column, before in zip(columns, held):
            column.held = before
            column.touched.add("viewed")
    change.apply = applied
    return change


def drop_view(rng, case):
    found = [view for view in case.views if not view.gone and not any(getattr(part, "dropped", False) for part in view.uses)]
    if not found:
        return None
    view = rng.choice(found)

    def apply(_case):
        view.gone = True
        case.say(f"DROP {view.about} {quote(view.name)}")
    return Change(f"drop {view.about.lower()}", (view,), apply)


def privileges(rng, case):
    table = old_table(rng, case)
    column = _column(rng, table)
    role = rng.choice(("app_writer", "app_login", "PUBLIC", '"Mixed Role"'))
    what = rng.choice(("GRANT SELECT ON {t} TO ", "GRANT INSERT, UPDATE ON {t} TO ", "REVOKE ALL ON {t} FROM ",
                       "GRANT SELECT ({c}) ON {t} TO ", "GRANT ALL ON {t} TO "))
    if column is None or ("{c}" in what and _has_row_security(case, table)):
        return None

    def apply(_case):
        case.say(what.replace("{t}", table.quoted).replace("{c}", column.quoted) + role)
        if "{c}" in what:
            column.touched.add("viewed")  # the server drops the right with the column; segue says so when it is tried
    return Change(what.split(" ")[0].lower() + (" column" if "{c}" in what else ""), (table, column), apply)


def _has_row_security(case, table):
    return any("ROW LEVEL SECURITY" in piece.sql and table in piece.uses for piece in case.pieces)


def column_setting(rng, case):
    table = old_table(rng, case)
    column = _column(rng, table, lambda column: not column.added and "type" not in column.touched)
    if not column:
        return None
    setting = rng.choice(("SET STATISTICS 55", "SET (n_distinct = 7)", "SET STORAGE EXTERNAL"))
    if "STORAGE" in setting and column.kind.type not in ("text", "jsonb", "bytea", "text[]"):
        setting = "SET STATISTICS 66"

    def apply(_case):
        case.alter(table, f"ALTER COLUMN {column.quoted} {setting}")
    return Change("column " + setting.split(" ")[1].lower(), (column,), apply)


def table_setting(rng, case):
    table = old_table(rng, case)
    setting = rng.choice(("SET (fillfactor = 66)", "REPLICA IDENTITY FULL", "OWNER TO app_owner", "SET (autovacuum_enabled = off)",
                          "RESET (fillfactor)"))
    if table.partitions and "(" in setting:
        return None

    def apply(_case):
        case.alter(table, setting)
    return Change("table " + setting.split(" ")[0].lower(), (table,), apply)


def create_statistics(rng, case):
    table = old_table(rng, case)
    columns = [column for column in table.current() if column.kind.equality and not column.added
               and "type" not in column.touched]
    if len(columns) < 2:
        return None
    columns, name = rng.sample(columns, 2), case.names.new("stats")

    def apply(_case):
        case.say(f"CREATE STATISTICS {quote(name)} ON {columns[0].quoted}, {columns[1].quoted} FROM {table.quoted}")
        for column in columns:
            column.touched.add("viewed")
    return Change("create statistics", (table, *columns), apply)


def create_function(rng, case):
    name, text = case.names.new("function"), rng.choice(("SELECT $1 + 1", "SELECT $1 * 2"))
    return Change("create function", (), lambda _: case.say(
        f"CREATE FUNCTION {quote(name)}(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ {text} $$"))


def create_other(rng, case):
    name = case.names.new()
    text = rng.choice((f"CREATE SEQUENCE {quote(name)} START 5", f"CREATE DOMAIN {quote(name)} AS text CHECK (VALUE <> '')",
                       f"CREATE TYPE {quote(name)} AS (a integer, b text)", f"CREATE TYPE {quote(name)} AS RANGE (SUBTYPE = numeric)"))
    return Change(" ".join(text.split(" ")[:2]).lower(), (), lambda _: case.say(text))


def create_trigger(rng, case):
    """A trigger that the new version brings, with its function."""
    table = old_table(rng, case)
    function, name = case.names.new("function"), case.names.new("trigger")
    event = rng.choice(("AFTER INSERT", "BEFORE UPDATE", "AFTER DELETE"))

    def apply(_case):
        case.say(f"CREATE FUNCTION {quote(function)}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
        case.say(f"CREATE TRIGGER {quote(name)} {event} ON {table.quoted} FOR EACH ROW EXECUTE FUNCTION {quote(function)}()")
    return Change("create trigger", (table,), apply)


def rename_enum_value(rng, case):
    if not case.enums:
        return None
    enum = rng.choice(case.enums)
    users = [column for table in case.tables if not table.dropped and not table.created
             for column in table.current() if column.kind is enum.kind]
    if enum.gone or any(column.touched or column.held or column.views or column.key or column.default is not None
                        for column in users):
        return None
    old, new = f"'{enum.labels[0]}'", f"'renamed {rng.randrange(100)}'"

    def apply(_case):
        enum.gone = True
        case.say(f"ALTER TYPE {enum.kind.type} RENAME VALUE {old} TO {new}")
        for column in users:
            column.touched.add("label")
            column.up, column.down = _relabelled(column, enum, old, new), _relabelled(column, enum, new, old)
            column.up.annotated = column.down.annotated = False
            column.new_values = (new,) + column.kind.values[1:]
    return Change("rename enum value" + ("" if users else " unused"), tuple(users), apply)


def _relabelled(column, enum, old, new):
    from .changes_column import over
    return over(f"CASE {{c}}::text WHEN {old} THEN {new} ELSE {{c}}::text END", column)
