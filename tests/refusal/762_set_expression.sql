ALTER TABLE users ALTER COLUMN age SET EXPRESSION AS (18);
-- line: 1
-- expect: "set expression as" came with PostgreSQL 17
-- expect: drop the column
