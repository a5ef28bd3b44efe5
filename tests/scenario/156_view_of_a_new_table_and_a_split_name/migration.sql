DROP VIEW chiefs;
CREATE TABLE teams (id bigint PRIMARY KEY, title text NOT NULL);
-- segue: up staff.given = split_part(name, ' ', 1)
-- segue: up staff.family = substr(name, strpos(name, ' ') + 1)
-- segue: down staff.name = given || ' ' || family
ALTER TABLE staff ADD COLUMN given text NOT NULL, ADD COLUMN family text NOT NULL, DROP COLUMN name;
ALTER TABLE staff ADD COLUMN team bigint REFERENCES teams;
CREATE VIEW chiefs AS SELECT s.id, s.given, t.title FROM staff s JOIN reporting.heads USING (id) LEFT JOIN teams t ON t.id = s.team;
CREATE VIEW reporting.sizes AS SELECT t.title, count(*) FROM public.staff s JOIN public.teams t ON t.id = s.team GROUP BY 1;
GRANT SELECT ON reporting.sizes, chiefs TO app_reader;
COMMENT ON VIEW reporting.sizes IS 'by team';
