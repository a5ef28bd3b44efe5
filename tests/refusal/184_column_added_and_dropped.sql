-- expect: is added and dropped in the same file
ALTER TABLE users ADD COLUMN a integer;
ALTER TABLE users DROP COLUMN a;
