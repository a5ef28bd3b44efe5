-- segue: goal "one name field for all locales"      owner: payments   deadline: 2026-12-01
-- segue: up   users.full_name  = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
-- segue: down users.last_name  = substr(full_name,
--                                       strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
