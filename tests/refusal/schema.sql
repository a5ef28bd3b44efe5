CREATE TABLE teams (
    id integer PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE users (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text,
    age integer,
    team_id integer,
    nick text,
    big bigint
);
CREATE VIEW user_ages AS SELECT id, age FROM users;
CREATE FUNCTION user_count() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users';
CREATE TABLE measured (
    at date NOT NULL,
    value integer
) PARTITION BY RANGE (at);
CREATE TABLE measured_2025 PARTITION OF measured FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE parents (id bigint PRIMARY KEY, label text);
CREATE TABLE heirs (extra text) INHERITS (parents);
CREATE TABLE halves (id bigint PRIMARY KEY, number integer, label text, CONSTRAINT only_even CHECK (number % 2 = 0));
CREATE INDEX halves_label ON halves (label);
CREATE MATERIALIZED VIEW user_names AS SELECT id, nick FROM users;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE moods (id bigint PRIMARY KEY, mood mood NOT NULL);
INSERT INTO teams SELECT i, 'team ' || i FROM generate_series(1, 20) i;
INSERT INTO users SELECT i, 'First' || i, 'Last' || i, CASE WHEN i % 50 > 0 THEN 'u' || i || '@example.com' END,
    i % 100 - 3, 1 + i % 25, 'n' || i % 290, i
FROM generate_series(1, 300) i;
INSERT INTO measured SELECT date '2025-01-01' + i, i FROM generate_series(1, 200) i;
INSERT INTO moods SELECT i, 'sad' FROM generate_series(1, 200) i;
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TABLE doors (id bigint PRIMARY KEY, state state NOT NULL);
CREATE FUNCTION other_state(state) RETURNS state LANGUAGE sql AS 'SELECT CASE $1 WHEN ''open'' THEN ''closed'' ELSE ''open'' END::state';
CREATE TABLE sums (id bigint PRIMARY KEY, a integer, total integer GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE outgoing (id bigint PRIMARY KEY, what text);
CREATE PUBLICATION outgoing FOR TABLE outgoing;
CREATE SCHEMA public_311_schema_exists;
CREATE TABLE labels (id bigint PRIMARY KEY, code varchar(20) NOT NULL UNIQUE);
CREATE TABLE tenants (id bigint PRIMARY KEY);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE TABLE watched (id bigint PRIMARY KEY);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER watch BEFORE UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION watch();
ALTER TABLE watched OWNER TO app_login;

-- Types of all kinds, and a table that has them.
CREATE DOMAIN odd_number AS integer CHECK (VALUE % 2 = 1);
CREATE DOMAIN never_null AS text NOT NULL;
CREATE DOMAIN listed AS integer;
CREATE TYPE money_amount AS (units bigint, currency text);
CREATE TYPE day_range AS RANGE (SUBTYPE = date);
CREATE TYPE hue AS ENUM ('red', 'green');
CREATE TABLE typed (
    id bigint PRIMARY KEY,
    odd odd_number,
    price money_amount,
    days day_range,
    hue hue DEFAULT 'green',
    lists listed[],
    base integer
);
INSERT INTO typed SELECT i, 2 * i + 1, ROW(i, 'EUR')::money_amount, '[2024-01-01,2024-02-01)', 'red', '{1}', i FROM generate_series(1, 20) i;
CREATE TABLE numbered (id serial PRIMARY KEY, parent integer REFERENCES numbered, place integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE queue (id integer PRIMARY KEY DEFERRABLE);
CREATE SEQUENCE drawn;
CREATE VIEW draws AS SELECT last_value FROM drawn;
CREATE VIEW old_users AS SELECT id FROM user_ages WHERE age > 80;
CREATE POLICY of_all ON tenants USING (true);
CREATE TABLE large (id bigint PRIMARY KEY, line text);
ALTER TABLE large ALTER COLUMN line SET STORAGE EXTERNAL;
INSERT INTO large SELECT i, repeat('large ', 400) || i FROM generate_series(1, 6000) i;

-- Tables that stand in families, and some that cannot be changed.
CREATE TABLE ruled (id bigint PRIMARY KEY);
CREATE RULE keep AS ON DELETE TO ruled DO INSTEAD NOTHING;
CREATE TABLE guarded (id bigint PRIMARY KEY, secret text);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
GRANT SELECT (id) ON guarded TO app_login;
CREATE TABLE days (at date NOT NULL, n integer NOT NULL, CONSTRAINT positive CHECK (n > 0)) PARTITION BY RANGE (at);
CREATE TABLE days_2025 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX days_n ON days (n);
CREATE TABLE days_big (at date NOT NULL, n bigint NOT NULL);
CREATE TABLE days_null (at date, n integer NOT NULL);
CREATE TABLE days_more (at date NOT NULL, n integer NOT NULL, more text);
CREATE TABLE days_plain (at date NOT NULL, n integer NOT NULL);
CREATE TABLE by_digit (n integer) PARTITION BY LIST ((n % 10));
CREATE SCHEMA elsewhere;
CREATE TABLE far (id bigint) PARTITION BY RANGE (id);
CREATE TABLE elsewhere.far_away PARTITION OF far DEFAULT;
CREATE TABLE elsewhere.above (id bigint);
CREATE TABLE below (note text) INHERITS (elsewhere.above);
CREATE TABLE torn (id bigint) PARTITION BY RANGE (id);
CREATE TABLE torn_off PARTITION OF torn FOR VALUES FROM (1) TO (10);
UPDATE pg_catalog.pg_inherits SET inhdetachpending = true WHERE inhrelid = 'torn_off'::regclass;
CREATE TABLE mothers (id bigint);
CREATE TABLE fathers (name text);
CREATE TABLE children () INHERITS (mothers, fathers);
CREATE DOMAIN line_mark AS integer;
ALTER TABLE large ADD COLUMN mark line_mark;
CREATE TABLE booked (id bigint PRIMARY KEY, nights int4range, rooms integer, span int4range,
    CONSTRAINT apart EXCLUDE USING gist (span WITH &&) WHERE (rooms > 0));
INSERT INTO booked SELECT i, int4range(i, i + (i % 10 / 9) + 1), 1, int4range(i * 2, i * 2 + 2) FROM generate_series(1, 50) i;
CREATE TABLE stadiums (id integer PRIMARY KEY);
CREATE TABLE fans (
    id bigint PRIMARY KEY,
    stadium integer DEFAULT 1 CONSTRAINT fans_stadium_fkey REFERENCES stadiums ON DELETE SET DEFAULT,
    away integer DEFAULT 1
);

-- What only newer servers know.
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        EXECUTE 'CREATE TABLE loose (id integer PRIMARY KEY, a integer CONSTRAINT wished CHECK (a > 0) NOT ENFORCED)';
        EXECUTE 'CREATE TABLE spans (room int4range, at daterange, CONSTRAINT stays_apart PRIMARY KEY (room, at WITHOUT OVERLAPS))';
        EXECUTE 'CREATE TABLE within (id integer PRIMARY KEY, room int4range, at daterange,
                                      CONSTRAINT during FOREIGN KEY (room, PERIOD at) REFERENCES spans (room, PERIOD at))';
    END IF;
END $$;
CREATE UNIQUE INDEX halves_number ON halves (number);

-- The migration histories of other tools: as they make them, or not quite.
CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20260101000000');
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY);
INSERT INTO alembic_version VALUES ('a');
CREATE TABLE knex_migrations (id serial PRIMARY KEY, name varchar(255), migration_time timestamptz);
CREATE TABLE "SequelizeMeta" (name integer PRIMARY KEY);
CREATE TABLE django_migrations (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    app varchar(255) NOT NULL,
    name varchar(255) NOT NULL,
    applied timestamptz NOT NULL,
    who text NOT NULL
);
CREATE TABLE flyway_schema_history (
    installed_rank integer NOT NULL PRIMARY KEY,
    version varchar(50),
    description varchar(200) NOT NULL,
    type varchar(20) NOT NULL,
    script varchar(1000) NOT NULL,
    checksum integer,
    installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(),
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
INSERT INTO flyway_schema_history VALUES (1, '6', 'half', 'SQL', 'V6__half.sql', 1, 'app', now(), 1, false);
CREATE SCHEMA golang;
CREATE TABLE golang.schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
INSERT INTO golang.schema_migrations VALUES (6, true);
