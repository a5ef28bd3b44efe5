CREATE TYPE stage AS ENUM ('draft', 'live');
CREATE TYPE span AS RANGE (SUBTYPE = integer);
CREATE TABLE plays (
    id bigint PRIMARY KEY,
    stage stage NOT NULL DEFAULT 'draft',
    seats span
);
CREATE FUNCTION is_live(s stage) RETURNS boolean LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT s = 'live'::stage; END;
INSERT INTO plays SELECT i, (ARRAY['draft', 'live'])[1 + i % 2]::stage, span(i, i + 9) FROM generate_series(1, 400) i;
