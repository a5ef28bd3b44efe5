-- expect: is created and dropped in the same file
CREATE INDEX a ON users (age);
DROP INDEX a;
