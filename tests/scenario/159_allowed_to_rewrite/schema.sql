CREATE TABLE archive (id bigint PRIMARY KEY, body text);
ALTER TABLE archive ALTER COLUMN body SET STORAGE EXTERNAL;
INSERT INTO archive SELECT i, repeat('abc', 1500) || i FROM generate_series(1, 2500) i;
CREATE TABLE live (id bigint PRIMARY KEY, n integer NOT NULL);
INSERT INTO live SELECT i, i FROM generate_series(1, 300) i;
