-- segue: allow table-rewrite because "the archive is read at night"
ALTER TABLE archive SET UNLOGGED;
-- segue: down live.n = least(n, 2147483647)::integer
ALTER TABLE live ALTER COLUMN n TYPE bigint;
CREATE MATERIALIZED VIEW archived AS SELECT a.id, l.n FROM archive a JOIN live l USING (id);
CREATE INDEX ON archived (n);
