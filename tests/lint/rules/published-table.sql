-- Told where the publication is known: of a file, `--schema-file` or `--url`; publications of whole schemas are not looked at.
--: before
CREATE PUBLICATION reports FOR TABLE orders;
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN weight integer;
--: good
-- the same column is at the subscriber already
SET lock_timeout = '100ms';
-- segue: allow published-table because "the subscriber has it since Monday"
ALTER TABLE orders ADD COLUMN weight integer;
