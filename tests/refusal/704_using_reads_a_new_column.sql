-- expect: column "age" of table "users" is converted from values that the file makes above
ALTER TABLE users ADD COLUMN decade integer DEFAULT 3;
-- segue: down users.age = age::integer
ALTER TABLE users ALTER COLUMN age TYPE text USING decade::text;
