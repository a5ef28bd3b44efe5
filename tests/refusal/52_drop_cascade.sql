DROP TABLE users CASCADE;
-- line: 1
-- expect: CASCADE
