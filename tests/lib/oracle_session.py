"""Sessions of both versions, held open across start and complete, and every way of writing a
row: right after each write both shapes of the row agree."""

from . import pq
from .promises import promise_all
from .report import require
from .stage import version_objects
from .two_versions import TwoVersions

_SCHEMA = """
CREATE TABLE users (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text,
    cents integer NOT NULL DEFAULT 0,
    visits integer NOT NULL DEFAULT 0
);
INSERT INTO users SELECT i, 'First' || i, 'Last' || i, 'u' || i || '@example.com', i * 100, 0
FROM generate_series(1, 400) i;
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO app_writer;
GRANT SELECT (id, first_name) ON users TO app_reader;
"""

_MIGRATION = """
-- segue: up   users.full_name  = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
-- segue: down users.last_name  = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
-- segue: up   users.cents = cents / 100.0
-- segue: down users.cents = round(cents * 100)
ALTER TABLE users ALTER COLUMN cents TYPE numeric(12, 2) USING cents / 100.0;
ALTER TABLE users RENAME COLUMN email TO mail;
-- segue: up users.domain = split_part(email, '@', 2)
ALTER TABLE users ADD COLUMN domain text DEFAULT 'none';
-- segue: existing users.active = true
ALTER TABLE users ADD COLUMN active boolean NOT NULL DEFAULT false;
"""

_FUNCTIONS = """
CREATE FUNCTION public.old_rename(user_id bigint, first text) RETURNS text LANGUAGE sql
    SET search_path = public_base, public AS
    $$ UPDATE users SET first_name = first WHERE id = user_id RETURNING last_name $$;
CREATE FUNCTION public.new_rename(user_id bigint, name text) RETURNS numeric LANGUAGE plpgsql
    SET search_path = public_sessions, public AS
    $$ DECLARE answer numeric; BEGIN
        UPDATE users SET full_name = name WHERE id = user_id RETURNING cents INTO answer;
        RETURN answer;
    END $$;
CREATE FUNCTION public.new_insert(user_id bigint, name text) RETURNS void LANGUAGE sql
    SET search_path = public_sessions, public AS
    $$ INSERT INTO users (id, full_name) VALUES (user_id, name) $$;
CREATE FUNCTION public.old_insert(user_id bigint, first text, last text) RETURNS void LANGUAGE sql
    SET search_path = public_base, public AS
    $$ INSERT INTO users (id, first_name, last_name) VALUES (user_id, first, last) $$;
"""

OLD, NEW = "public_base", "public_sessions"


def tasks(context):
    for server in context.servers:
        yield lambda server=server: _all(context, server)


class Life(TwoVersions):
    """Sessions of both versions, and what either sees of a row."""

    def __init__(self, context, server):
        super().__init__(context, server, "sessions", _SCHEMA, _MIGRATION)

    def shapes(self, user_id):
        """Both versions' view of one row."""
        with self.base() as connection:
            old = connection.rows("SELECT first_name, last_name, email, cents FROM public_base.users"
                                  " WHERE id = $1", user_id)
            new = connection.rows("SELECT full_name, mail, cents, domain, active FROM public_sessions.users"
                                  " WHERE id = $1", user_id)
        require(len(old) == 1 and len(new) == 1, f"row {user_id}: {len(old)} old, {len(new)} new")
        return old[0], new[0]

    def expect(self, user_id, old=None, new=None):
        """Compares the beginning of each shape."""
        found_old, found_new = self.shapes(user_id)
        for found, wanted, word in ((found_old, old, "old"), (found_new, new, "new")):
            if wanted is not None:
                require(found[:len(wanted)] == tuple(wanted),
                        f"row {user_id}, {word} shape: {found} instead of {wanted}")


def _all(context, server):
    life = Life(context, server).start()
    with life.base() as connection:
        connection.execute(_FUNCTIONS)
    promise_all(context, server, _PROMISES, life)
    for promise in (_prepared_through_complete, _prepared_through_rollback):
        promise_all(context, server, (promise,), Life(context, server))


def _old_writes(life):
    """The old version's INSERT and UPDATE fill the new shape"""
    with life.old() as old:
        old.execute("INSERT INTO users (id, first_name, last_name, email, cents)"
                    " VALUES (1001, 'Ada', 'Lovelace', 'ada@engine.uk', 1250)")
        life.expect(1001, new=("Ada Lovelace", "ada@engine.uk", "12.50", "engine.uk"))
        old.execute("UPDATE users SET last_name = 'King', cents = 99 WHERE id = 1001")
        life.expect(1001, old=("Ada", "King"), new=("Ada King", "ada@engine.uk", "0.99"))


def _new_writes(life):
    """The new version's INSERT and UPDATE fill the old shape"""
    with life.new() as new:
        new.execute("INSERT INTO users (id, full_name, mail, cents) VALUES (1002, 'Grace Hopper', 'g@navy.us', 3.21)")
        life.expect(1002, old=("Grace", "Hopper", "g@navy.us", "321"))
        new.execute("UPDATE users SET full_name = 'Rear Admiral Hopper', cents = 7 WHERE id = 1002")
        life.expect(1002, old=("Rear", "Admiral Hopper", "g@navy.us", "700"), new=("Rear Admiral Hopper",))


def _defaults(life):
    """An INSERT takes the defaults of the version that it is made through"""
    with life.new() as new, life.old() as old:
        new.execute("INSERT INTO users (id, full_name) VALUES (1003, 'X Y')")
        life.expect(1003, new=("X Y", None, "0.00", "none", "f"))
        old.execute("INSERT INTO users (id, first_name, last_name) VALUES (1004, 'X', 'Y')")
        found = life.shapes(1004)[1]
        require(found[:3] == ("X Y", None, "0.00"), f"through the old version: {found}")


def _explicit_null(life):
    """An explicit NULL from the new version stays NULL"""
    with life.new() as new:
        new.execute("INSERT INTO users (id, full_name, mail, domain) VALUES (1005, 'N N', 'n@n.org', NULL)")
        life.expect(1005, new=("N N", "n@n.org", "0.00", None))
        new.execute("UPDATE users SET domain = 'x', mail = 'n2@n.org' WHERE id = 1005")
        new.execute("UPDATE users SET domain = NULL WHERE id = 1005")
        life.expect(1005, new=("N N", "n2@n.org", "0.00", None))


def _unrelated_update(life):
    """An unrelated UPDATE through the old version leaves what the new version wrote"""
    with life.new() as new, life.old() as old:
        new.execute("INSERT INTO users (id, full_name, domain) VALUES (1006, 'Cher', 'kept.org')")
        old.execute("UPDATE users SET visits = visits + 1 WHERE id = 1006")
        life.expect(1006, new=("Cher", None, "0.00", "kept.org"))
        new.execute("UPDATE users SET cents = 0.015 WHERE id = 1006")
        old.execute("UPDATE users SET first_name = first_name, visits = 7 WHERE id = 1006")
        life.expect(1006, new=("Cher", None, "0.02"))


def _qualified_writes(life):
    """Schema-qualified writes count as the version that they name, whatever the search_path"""
    with life.base() as plain, life.old() as old, life.new() as new:
        for number, session in enumerate((plain, old, new)):
            row = 1010 + number
            session.execute(f"INSERT INTO public_sessions.users (id, full_name) VALUES ({row}, 'New Name')")
            life.expect(row, old=("New", "Name"), new=("New Name",))
            session.execute(f"UPDATE public_base.users SET last_name = 'Changed' WHERE id = {row}")
            life.expect(row, old=("New", "Changed"), new=("New Changed",))
            session.execute(f"UPDATE public_sessions.users SET full_name = 'Third Time' WHERE id = {row}")
            life.expect(row, old=("Third", "Time"), new=("Third Time",))
            session.execute(f"UPDATE public.users SET first_name = 'Base' WHERE id = {row}")
            life.expect(row, old=("Base", "Time"), new=("Base Time",))
            row += 10
            session.execute(f"INSERT INTO public_base.users (id, first_name, last_name) VALUES ({row}, 'A', 'B')")
            life.expect(row, old=("A", "B"), new=("A B",))


def _base_table_insert(life):
    """An INSERT into the base table from a session without a version fills the new shape"""
    with life.base() as plain:
        plain.execute("INSERT INTO public.users (id, first_name, last_name, cents) VALUES (1030, 'B', 'T', 150)")
        life.expect(1030, old=("B", "T", None, "150"), new=("B T", None, "1.50"))


def _copy(life):
    """COPY into the base table fills the new shape, from a session of any version or none"""
    for number, connect in enumerate((life.base, life.old)):
        row = 1040 + number
        with connect() as session:
            session.copy_in("COPY public.users (id, first_name, last_name, email) FROM STDIN",
                            [f"{row}\tCo\tPy\tc@p.y"])
        life.expect(row, old=("Co", "Py"), new=("Co Py", "c@p.y", "0.00", "p.y"))


def _upsert(life):
    """INSERT ON CONFLICT DO UPDATE RETURNING works through both versions, and returns their shape"""
    with life.old() as old, life.new() as new:
        upsert_new = ("INSERT INTO users AS u (id, full_name) VALUES (1050, $1) ON CONFLICT (id) DO UPDATE"
                      " SET full_name = excluded.full_name || '!' RETURNING full_name, cents")
        upsert_old = ("INSERT INTO users AS u (id, first_name, last_name) VALUES (1050, $1, 'O') ON CONFLICT (id)"
                      " DO UPDATE SET first_name = excluded.first_name RETURNING first_name, last_name")
        require(new.rows(upsert_new, "One Two") == [("One Two", "0.00")], "the new version's insert")
        life.expect(1050, old=("One", "Two"), new=("One Two",))
        require(old.rows(upsert_old, "Three") == [("Three", "Two")], "the old version's update")
        life.expect(1050, old=("Three", "Two"), new=("Three Two",))
        require(new.rows(upsert_new, "Four Five") == [("Four Five!", "0.00")], "the new version's update")
        life.expect(1050, old=("Four", "Five!"), new=("Four Five!",))


def _functions(life):
    """Functions with a search_path of their own write as their version, called from either"""
    for number, connect in enumerate((life.base, life.old, life.new)):
        row = 1060 + number
        with connect() as session:
            session.rows("SELECT public.new_insert($1, 'Made New')", row)
            life.expect(row, old=("Made", "New"), new=("Made New",))
            require(session.value("SELECT public.old_rename($1, 'Old')", row) == "New", "old_rename's answer")
            life.expect(row, old=("Old", "New"), new=("Old New",))
            require(session.value("SELECT public.new_rename($1, 'New Again')", row) == "0.00", "new_rename's answer")
            life.expect(row, old=("New", "Again"), new=("New Again",))
            session.rows("SELECT public.old_insert($1, 'Made', 'Old')", row + 10)
            life.expect(row + 10, old=("Made", "Old"), new=("Made Old",))


def _search_paths(life):
    """The version is known whatever else stands in the search_path, quoted or not"""
    for number, path in enumerate((f'{NEW}', f'\\"$user\\",{NEW},public', f'\\"{NEW}\\",public',
                                   f'nowhere,{NEW},pg_catalog,public')):
        row = 1080 + number
        with life.new(path=path) as new:
            new.execute(f"INSERT INTO users (id, full_name, domain, mail) VALUES ({row}, 'P Q', NULL, 'a@b.c')")
        life.expect(row, old=("P", "Q"), new=("P Q", "a@b.c", "0.00", None))


def _both_shapes_at_once(life):
    """Where one statement through the base table changes both shapes, the new one wins"""
    with life.base() as plain:
        hidden = plain.value("SELECT attname FROM pg_attribute WHERE attrelid = 'public.users'::regclass"
                             " AND attname LIKE '\\_segue%full\\_name'")
        require(hidden, "no hidden column for full_name")
        plain.execute(f"UPDATE public.users SET first_name = 'Lost', {pq.quote_identifier(hidden)} = 'New Wins'"
                      " WHERE id = 50")
    life.expect(50, old=("New", "Wins"), new=("New Wins",))


def _transaction(life):
    """Within one transaction a row written through both versions keeps both shapes, and rolls back as one"""
    with life.base() as session:
        session.execute(f"BEGIN; SET LOCAL search_path = {OLD}, public;"
                        " UPDATE users SET first_name = 'T1' WHERE id = 60;"
                        f" SET LOCAL search_path = {NEW}, public;"
                        " UPDATE users SET full_name = full_name || 'x' WHERE id = 60")
        require(session.value("SELECT full_name FROM users WHERE id = 60") == "T1 Last60x", "the new shape inside")
        require(session.value(f"SELECT last_name FROM {OLD}.users WHERE id = 60") == "Last60x", "the old shape inside")
        session.execute("ROLLBACK")
    life.expect(60, old=("First60", "Last60"), new=("First60 Last60",))


def _delete(life):
    """A DELETE through either version is gone in both"""
    with life.old() as old, life.new() as new:
        old.execute("DELETE FROM users WHERE id = 70")
        require(new.rows("SELECT FROM users WHERE id = 70") == [], "the new version still sees it")
        new.execute("DELETE FROM users WHERE id = 71")
        require(old.rows("SELECT FROM users WHERE id = 71") == [], "the old version still sees it")


def _locking_reads(life):
    """SELECT FOR UPDATE, UPDATE FROM, subqueries and aggregates work through both versions"""
    for connect, column in ((life.old, "last_name"), (life.new, "full_name")):
        with connect() as session:
            session.execute(f"BEGIN; SELECT {column} FROM users WHERE id = 80 FOR UPDATE;"
                            f" UPDATE users u SET visits = o.visits + 1 FROM users o WHERE o.id = u.id AND u.id = 80;"
                            f" SELECT count(*), max({column}) FROM users WHERE id IN (SELECT id FROM users LIMIT 5);"
                            " COMMIT")


def _grants(life):
    """A role has on the versions what it has on the table, and no more"""
    for connect, column in ((life.old, "last_name"), (life.new, "full_name")):
        with connect("app_writer") as session:
            session.execute(f"UPDATE users SET {column} = 'By Writer' WHERE id = 90")
    life.expect(90, old=("By", "Writer"), new=("By Writer",))
    with life.old("app_reader") as session:
        session.execute("SELECT id, first_name FROM users")
        for denied in ("SELECT last_name FROM users", "UPDATE users SET first_name = 'x'", "DELETE FROM users"):
            _require_denied(session, denied)
    with life.new("app_reader") as session:
        _require_denied(session, "SELECT full_name FROM users")
        _require_denied(session, "UPDATE users SET full_name = 'x'")


def _require_denied(session, sql):
    try:
        session.execute(sql)
    except pq.DatabaseError as error:
        require(error.sqlstate == "42501", f"{sql}: {error}")
        return
    require(False, f"{sql} was allowed")


def _everyone_agrees(life):
    """After all that, every row's shapes agree"""
    with life.base() as connection:
        differing = connection.rows(
            "SELECT o.id, o.first_name, o.last_name, n.full_name, o.cents, n.cents FROM public_base.users o"
            " FULL JOIN public_sessions.users n USING (id)"
            " WHERE (o.first_name IS DISTINCT FROM split_part(n.full_name, ' ', 1)"
            "   OR o.last_name IS DISTINCT FROM substr(n.full_name, strpos(n.full_name, ' ') + 1)"
            "   OR o.cents IS DISTINCT FROM round(n.cents * 100))")
    require(not differing, f"{differing[:5]}")


_PROMISES = [_old_writes, _new_writes, _defaults, _explicit_null, _unrelated_update, _qualified_writes,
             _base_table_insert, _copy, _upsert, _functions, _search_paths, _both_shapes_at_once, _transaction,
             _delete, _locking_reads, _grants, _everyone_agrees]


def _prepare(session, first, second):
    session.prepare("everything", "SELECT * FROM users WHERE id = $1")
    session.prepare("insert", f"INSERT INTO users (id, {first}) VALUES ($1, {second}) RETURNING *")
    session.prepare("update", "UPDATE users SET visits = visits + 1 WHERE id = $1 RETURNING *")
    session.prepare("delete", "DELETE FROM users WHERE id = $1")


def _use_prepared(session, row):
    for _ in range(7):  # beyond the fifth run the server may turn to a generic plan
        require(len(session.run_prepared("everything", 5)) == 1, "SELECT * found no row")
        session.run_prepared("insert", row)
        session.run_prepared("update", row)
        session.run_prepared("delete", row)


def _prepared_through_complete(life):
    """Prepared SELECT * and RETURNING * of the old version survive start, those of the new version complete"""
    with life.old() as old:
        _prepare(old, "first_name, last_name", "'Pre', 'Pared'")
        _use_prepared(old, 2001)
        life.start()
        _use_prepared(old, 2002)
        with life.new() as new:
            _prepare(new, "full_name", "'Pre Pared'")
            _use_prepared(new, 2003)
            _use_prepared(old, 2004)
            old.close()
            life.segue.must("complete", "--force")
            _use_prepared(new, 2005)
            require(version_objects(new, NEW) == [], "views are left in the new version's schema")


def _prepared_through_rollback(life):
    """Prepared SELECT * and RETURNING * of the old version survive start and rollback"""
    with life.old() as old:
        _prepare(old, "first_name, last_name", "'Pre', 'Pared'")
        _use_prepared(old, 2001)
        life.start()
        _use_prepared(old, 2002)
        life.segue.must("rollback")
        _use_prepared(old, 2003)
