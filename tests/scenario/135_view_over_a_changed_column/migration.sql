DROP VIEW names;
-- segue: up users.full_name = first_name || ' ' || last_name
-- segue: down users.first_name = split_part(full_name, ' ', 1)
-- segue: down users.last_name = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE users ADD COLUMN full_name text NOT NULL;
ALTER TABLE users DROP COLUMN first_name, DROP COLUMN last_name;
-- segue: down users.visits = least(visits, 2147483647)
ALTER TABLE users ALTER COLUMN visits TYPE bigint;
CREATE VIEW names AS SELECT id, full_name AS name, visits FROM users;
CREATE OR REPLACE VIEW frequent AS SELECT id FROM public.users WHERE id % 3 = 0;
CREATE VIEW long_names AS SELECT n.id, n.name FROM names n JOIN frequent USING (id) WHERE length(n.name) > 12;
COMMENT ON VIEW names IS 'what the list shows now';
COMMENT ON COLUMN names.name IS 'in full';
