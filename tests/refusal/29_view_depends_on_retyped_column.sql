ALTER TABLE users ALTER COLUMN age TYPE bigint;
-- line: 1
-- expect: user_ages
