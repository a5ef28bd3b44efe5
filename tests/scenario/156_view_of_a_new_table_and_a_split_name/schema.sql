CREATE SCHEMA reporting;
CREATE TABLE staff (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    manager bigint REFERENCES staff
);
CREATE VIEW reporting.heads AS SELECT id FROM public.staff WHERE manager IS NULL;
CREATE VIEW chiefs AS SELECT s.id, s.name FROM staff s JOIN reporting.heads USING (id);
GRANT USAGE ON SCHEMA reporting TO app_reader;
GRANT SELECT ON reporting.heads TO app_reader;
INSERT INTO staff SELECT i, 'n' || i, CASE WHEN i > 10 THEN i % 10 + 1 END FROM generate_series(1, 300) i;
