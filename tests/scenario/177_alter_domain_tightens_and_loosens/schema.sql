CREATE DOMAIN email AS text CONSTRAINT has_at CHECK (VALUE LIKE '%@%') CONSTRAINT short CHECK (length(VALUE) < 60);
COMMENT ON CONSTRAINT short ON DOMAIN email IS 'as the mail server has it';
CREATE DOMAIN score AS integer NOT NULL;
CREATE DOMAIN count AS bigint;
ALTER DOMAIN count ADD CONSTRAINT few CHECK (VALUE < 100000000) NOT VALID;
CREATE TABLE members (
    id bigint PRIMARY KEY,
    mail email NOT NULL,
    other email
);
CREATE TABLE tallies (
    id bigint PRIMARY KEY,
    score score DEFAULT 3,
    visits count NOT NULL
);
CREATE TABLE lists (id bigint PRIMARY KEY, sender email);
INSERT INTO members SELECT i, 'a' || i || '@example.org', NULL FROM generate_series(1, 600) i;
INSERT INTO tallies SELECT i, i % 9, i FROM generate_series(1, 600) i;
INSERT INTO lists SELECT i, 'list' || i || '@example.org' FROM generate_series(1, 60) i;
