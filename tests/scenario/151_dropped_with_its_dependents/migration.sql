DROP VIEW lines;
DROP MATERIALIZED VIEW line_count;
ALTER TABLE kept DROP COLUMN log;
DROP TABLE old_logs;
DROP FUNCTION log_line();
DROP SEQUENCE old_numbers;
DROP SCHEMA attic;
-- segue: up kept.body = upper(body)
-- segue: down kept.body = lower(body)
ALTER TABLE kept ALTER COLUMN body TYPE varchar(200);
CREATE VIEW lines AS SELECT id, body FROM kept;
