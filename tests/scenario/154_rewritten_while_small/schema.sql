CREATE UNLOGGED TABLE buffer (id bigint PRIMARY KEY, line text);
CREATE TABLE cache (id bigint PRIMARY KEY, value text NOT NULL);
CREATE INDEX cache_value ON cache (value);
INSERT INTO buffer SELECT i, 'l' || i FROM generate_series(1, 200) i;
INSERT INTO cache SELECT i, 'v' || i FROM generate_series(1, 400) i;
