CREATE TABLE name (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    length integer NOT NULL,
    "new" text,
    "old" text
);
INSERT INTO name SELECT i, 'name ' || i, i, 'n' || i, 'o' || i FROM generate_series(1, 500) i;
