ALTER TABLE users ADD COLUMN half integer GENERATED ALWAYS AS (age / 2) VIRTUAL;
-- line: 1
-- column: 73
-- expect: "virtual" came with PostgreSQL 18, and segue does not carry it out yet
-- expect: STORED
