-- segue: down users.age = least(age, 2147483647)
ALTER TABLE users ALTER COLUMN age TYPE bigint;
-- line: 2
-- expect: user_ages
