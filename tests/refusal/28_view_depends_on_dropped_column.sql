ALTER TABLE users DROP COLUMN age;
-- line: 1
-- expect: user_ages
-- expect: age
