-- expect: USING of column "age": column "decade" of table "users" does not exist
-- segue: down users.age = age::integer
ALTER TABLE users ALTER COLUMN age TYPE text USING decade::text;
