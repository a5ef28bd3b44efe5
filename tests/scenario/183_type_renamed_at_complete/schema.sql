CREATE TYPE stage AS ENUM ('draft', 'live');
CREATE TYPE span AS RANGE (SUBTYPE = integer);
CREATE TABLE plays (
    id bigint PRIMARY KEY,
    stage stage NOT NULL DEFAULT 'draft',
    seats span
);
CREATE FUNCTION is_live(s stage) RETURNS boolean LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT s = 'live'::stage; END;
INSERT INTO plays SELECT i, (ARRAY['draft', 'live'])[1 + i % 2]::stage, span(i, i + 9) FROM generate_series(1, 400) i;
-- A session that names the type has to know when its name changes: traffic goes to this table.
CREATE TABLE quiet (id integer PRIMARY KEY, note text);
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
