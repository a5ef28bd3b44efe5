"""What hangs on the tables of a random schema: constraints, indexes, comments, grants, triggers, views."""

from .case import Column, Named, Piece
from .kinds import KINDS
from .names import quote

_TOUCH = "CREATE FUNCTION touch_{n}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.{column} := clock_timestamp(); RETURN NEW; END $$"
_COUNT = ("CREATE FUNCTION audit_{n}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
          " INSERT INTO public.audit_log VALUES (TG_OP, TG_TABLE_NAME); RETURN NULL; END $$")


def add_dependents(rng, case, table):
    """A random choice of them for one table."""
    for column in table.first_columns:
        _unique(rng, case, table, column)
        _check(rng, case, table, column)
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        _index(rng, case, table)
    for share, add in ((0.15, _generated), (0.15, _touch_trigger), (0.15, _audit), (0.2, _view), (0.3, _comments),
                       (0.3, _grants), (0.1, _owner), (0.1, _row_security), (0.15, _column_settings), (0.1, _statistics)):
        if rng.random() < share:
            add(rng, case, table)


def piece(case, sql, *uses):
    case.pieces.append(Piece(sql, uses))
    return case.pieces[-1]


def _unique(rng, case, table, column):
    if not column.unique or column.key:
        return
    if rng.random() < 0.5:
        name = Named(case.names.new("once"), (table, column), "unique")
        table.constraints.append(name)
        piece(case, f"ALTER TABLE {table.quoted} ADD CONSTRAINT {quote(name.name)} UNIQUE ({column.quoted})", table, column)
    else:
        name = Named(case.names.new("ux"), (table, column), "unique index")
        table.indexes.append(name)
        piece(case, f"CREATE UNIQUE INDEX {quote(name.name)} ON {table.quoted} ({column.quoted})", table, column)


def _check(rng, case, table, column):
    if not column.kind.checks or rng.random() > 0.15 or column.references:
        return
    condition = rng.choice(column.kind.checks).replace("{c}", column.quoted)
    name = Named(case.names.new("check"), (table, column), "check")
    table.constraints.append(name)
    valid = rng.choice(("", "", "", " NOT VALID"))
    piece(case, f"ALTER TABLE {table.quoted} ADD CONSTRAINT {quote(name.name)} CHECK ({condition}){valid}", table, column)


def index_text(rng, columns):
    """What follows the table's name in CREATE INDEX, over one or more of the columns, and the columns used; or None."""
    sortable = [column for column in columns if column.kind.equality and column.kind.name not in ("point",)]
    special = [(column, text) for column in columns for text in column.kind.extra_index]
    if special and rng.random() < 0.4:
        column, text = rng.choice(special)
        method, element = text.split(" ", 1)
        return f"USING {method} {element.replace('{c}', column.quoted)}", [column]
    if not sortable:
        return None
    chosen = rng.sample(sortable, min(len(sortable), rng.choice((1, 1, 2, 3))))
    text = "(" + ", ".join(column.quoted + rng.choice(("", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"))
                           for column in chosen) + ")"
    rest = [column for column in sortable if column not in chosen]
    if rest and rng.random() < 0.2:
        extra = rng.choice(rest)
        text += f" INCLUDE ({extra.quoted})"
        chosen.append(extra)
    if rng.random() < 0.15:
        text += " WITH (fillfactor=80)"
    if rng.random() < 0.25:
        text += f" WHERE {chosen[0].quoted} IS NOT NULL"
    return text, chosen


def _index(rng, case, table):
    found = index_text(rng, table.first_columns)
    if not found:
        return
    text, columns = found
    name = Named(case.names.new("ix"), (table, *columns), "index")
    table.indexes.append(name)
    piece(case, f"CREATE INDEX {quote(name.name)} ON {table.quoted} {text}", table, *columns)


def _generated(rng, case, table):
    if table.partitions:
        return
    sources = [column for column in table.first_columns if column.kind.name in ("text", "word", "integer", "small number")
               and not column.held]
    if not sources:
        return
    source = rng.choice(sources)
    kind, text = (KINDS["text"], "upper({c}) || '!'") if source.kind.type == "text" else (KINDS["bigint"], "{c}::bigint * 2")
    column = Column(table, case.names.new("gen"), kind)
    column.automatic = f"GENERATED ALWAYS AS ({text.replace('{c}', source.quoted)}) STORED"
    column.uses = (source,)
    column.held = source.held = True
    table.first_columns.append(column)
    for row in table.rows:
        row[column] = "NULL"
    table.reset()


def _touch_trigger(rng, case, table):
    """A trigger that writes a column on every write."""
    column = Column(table, case.names.new("touched"), KINDS["timestamptz"], default="now()")
    column.held, column.steady = True, False
    table.first_columns.append(column)
    for row in table.rows:
        row[column] = "DEFAULT"
    table.reset()
    number = len(case.pieces)
    piece(case, _TOUCH.format(n=number, column=column.quoted), table, column)
    event = rng.choice(("UPDATE", "INSERT OR UPDATE"))
    piece(case, f"CREATE TRIGGER {quote(case.names.new('touch'))} BEFORE {event} ON {table.quoted} FOR EACH ROW"
          f" EXECUTE FUNCTION touch_{number}()", table, column)


def _audit(rng, case, table):
    """A trigger that counts the writes."""
    if not any(other.audited for other in case.tables):
        case.pieces.append(Piece("CREATE TABLE audit_log (operation text, table_name text)", before=True))
    number = len(case.pieces)
    piece(case, _COUNT.format(n=number), table)
    table.audited = True
    table.audits = lambda: not trigger.removed
    trigger = piece(case, f"CREATE TRIGGER {quote(case.names.new('audit'))} AFTER INSERT OR UPDATE OR DELETE ON {table.quoted}"
          f" FOR EACH ROW EXECUTE FUNCTION audit_{number}()", table)


def view_text(view):
    """The statement that makes it, under the names of the moment."""
    table, *columns = view.uses
    return (f"CREATE {view.about} {quote(view.name)} AS SELECT "
            + ", ".join(column.quoted for column in columns) + f" FROM {table.quoted}")


def _view(rng, case, table):
    columns = rng.sample(table.first_columns, min(len(table.first_columns), rng.randrange(1, 4)))
    view = Named(case.names.new("view"), (table, *columns), rng.choice(("VIEW", "VIEW", "MATERIALIZED VIEW")))
    view.reset()
    case.views.append(view)
    piece(case, view_text(view), table, *columns)
    for column in columns:
        column.views.append(view)


def _comments(rng, case, table):
    piece(case, f"COMMENT ON TABLE {table.quoted} IS 'about it''s table'", table)
    column = rng.choice(table.first_columns)
    piece(case, f"COMMENT ON COLUMN {table.quoted}.{column.quoted} IS 'größe; -- no comment'", table, column)


def _grants(rng, case, table):
    piece(case, f"GRANT {rng.choice(('SELECT', 'SELECT, INSERT', 'ALL'))} ON {table.quoted} TO app_writer", table)
    column = rng.choice(table.first_columns)
    if not table.options.endswith("rls"):
        piece(case, f"GRANT SELECT ({column.quoted}), UPDATE ({column.quoted}) ON {table.quoted} TO app_reader", table, column)


def _owner(_rng, case, table):
    piece(case, f"ALTER TABLE {table.quoted} OWNER TO app_owner", table)


def _row_security(rng, case, table):
    if any("GRANT SELECT (" in part.sql and table in part.uses for part in case.pieces):
        return  # a documented limit: row security and column privileges together
    column = rng.choice(table.first_columns)
    column.held = True
    piece(case, f"ALTER TABLE {table.quoted} ENABLE ROW LEVEL SECURITY", table)
    piece(case, f"CREATE POLICY {quote(case.names.new('policy'))} ON {table.quoted} FOR SELECT TO app_reader"
          f" USING ({column.quoted} IS NOT NULL)", table, column)


def _column_settings(rng, case, table):
    column = rng.choice(table.first_columns)
    setting = rng.choice(("SET STATISTICS 77", "SET (n_distinct = 5)"))
    piece(case, f"ALTER TABLE {table.quoted} ALTER COLUMN {column.quoted} {setting}", table, column)


def _statistics(rng, case, table):
    columns = [column for column in table.first_columns if column.kind.equality]
    if len(columns) < 2:
        return
    columns = rng.sample(columns, 2)
    piece(case, f"CREATE STATISTICS {quote(case.names.new('stats'))} ON " + ", ".join(column.quoted for column in columns)
          + f" FROM {table.quoted}", table, *columns)
    for column in columns:
        column.held = True
