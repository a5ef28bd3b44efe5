-- expect: is added and dropped in the same file
ALTER TABLE users ADD CONSTRAINT a CHECK (age > -10);
ALTER TABLE users DROP CONSTRAINT a;
