ALTER TABLE users ALTER COLUMN a TYPE bigint;
ALTER TABLE users ALTER COLUMN a TYPE numeric;
-- expect: the file makes "a" and takes it away, or makes it twice
