--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders DROP COLUMN note;
--: good
-- once no release that runs uses the column
SET lock_timeout = '100ms';
-- segue: allow drop-column because "no release since 4.2 names it"
ALTER TABLE orders DROP COLUMN note;
--: application
SELECT id, note FROM orders WHERE id = 1;
--: application of good
SELECT id FROM orders WHERE id = 1;
