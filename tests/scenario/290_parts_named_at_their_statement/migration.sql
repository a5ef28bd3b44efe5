-- The parts of an index are named when its statement runs, by the names that columns have then.
CREATE INDEX visits_again ON visits (a, b);
ALTER TABLE visits DROP CONSTRAINT visits_named;
ALTER TABLE visits ADD CONSTRAINT visits_once UNIQUE (region, id, b);
ALTER TABLE visits RENAME COLUMN b TO c;
ALTER TABLE visits RENAME COLUMN a TO b;
ALTER TABLE visits RENAME COLUMN c TO a;
CREATE INDEX ON visits (a, b);
DROP INDEX visits_b;
CREATE INDEX visits_b ON visits (b DESC);
