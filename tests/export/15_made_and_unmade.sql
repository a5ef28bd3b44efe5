ALTER TABLE users ADD COLUMN a integer;
ALTER TABLE users RENAME COLUMN a TO b;
-- expect: the file makes "a" and takes it away, or makes it twice: how far a database has come cannot be told
