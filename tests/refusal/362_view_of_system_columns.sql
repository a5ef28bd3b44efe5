-- line: 5
-- expect: column u.ctid does not exist
-- expect: make it at complete
ALTER TABLE users RENAME COLUMN nick TO handle;
CREATE VIEW places AS SELECT u.ctid AS place, u.handle FROM users u;
