CREATE VIEW everyone AS SELECT * FROM users;
-- line: 1
-- expect: VIEW
