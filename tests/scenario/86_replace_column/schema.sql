CREATE TABLE profiles (
    id bigint PRIMARY KEY,
    birthday text NOT NULL,
    name text
);
INSERT INTO profiles SELECT i, to_char(date '1970-01-01' + i, 'YYYY-MM-DD'), 'name ' || i FROM generate_series(1, 600) i;
