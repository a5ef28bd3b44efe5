CREATE TYPE unused AS ENUM ('x');
CREATE DOMAIN gone AS integer CHECK (VALUE > 0);
CREATE TYPE old_pair AS (a integer, b integer);
CREATE TABLE rooms (
    id bigint PRIMARY KEY,
    floor gone NOT NULL DEFAULT 1,
    size old_pair,
    opens integer NOT NULL DEFAULT 8,
    closes integer NOT NULL DEFAULT 17
);
INSERT INTO rooms SELECT i, 1 + i % 9, ROW(i, i + 1)::old_pair, 8, 18 FROM generate_series(1, 500) i;
