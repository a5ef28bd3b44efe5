-- expect: column "age" of table "users" is converted from values that the file makes above
ALTER TABLE users ALTER COLUMN age TYPE text USING age || ' years';
-- segue: down users.age = 0
ALTER TABLE users ALTER COLUMN age TYPE bigint USING length(age);
