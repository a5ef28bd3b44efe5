CREATE TYPE kind AS ENUM ('a', 'b');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 40) DEFAULT 'x';
CREATE TYPE pair AS (x integer, y text);
CREATE TABLE things (
    id bigint PRIMARY KEY,
    kind kind NOT NULL DEFAULT 'a',
    label short,
    both_parts pair,
    title short NOT NULL DEFAULT 'none'
);
COMMENT ON DOMAIN short IS 'a short text';
INSERT INTO things SELECT i, (ARRAY['a', 'b'])[1 + i % 2]::kind, 'l' || i, ROW(i, 't')::pair, 'title' || i FROM generate_series(1, 500) i;
