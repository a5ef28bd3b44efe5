CREATE TABLE makers (id integer PRIMARY KEY);
CREATE TABLE goods (
    id bigint PRIMARY KEY,
    maker integer,
    weight integer
);
INSERT INTO makers SELECT i FROM generate_series(1, 200) i;
INSERT INTO goods SELECT i, 1 + i % 200, i FROM generate_series(1, 500) i;
