-- segue: goal "letters begin with the first name"   owner: mail   deadline: 2026-12-31
-- segue: up users.first_name = split_part(name, ' ', 1)
-- segue: up users.last_name = nullif(substr(name, strpos(name, ' ') + 1), '')
-- segue: down users.name = CASE WHEN last_name IS NULL THEN first_name ELSE concat_ws(' ', first_name, last_name) END
ALTER TABLE users ADD COLUMN first_name character varying;
ALTER TABLE users ADD COLUMN last_name character varying;
ALTER TABLE users DROP COLUMN name;
CREATE INDEX index_users_on_last_name_and_first_name ON users USING btree (last_name, first_name);
