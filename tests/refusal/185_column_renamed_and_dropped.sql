-- expect: is renamed and dropped in the same file
ALTER TABLE users RENAME COLUMN nick TO alias;
ALTER TABLE users DROP COLUMN alias;
