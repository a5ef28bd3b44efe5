--: before
CREATE VIEW notes AS SELECT id, note FROM orders;
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders DROP COLUMN note CASCADE;
--: good
SET lock_timeout = '100ms';
CREATE OR REPLACE VIEW notes AS SELECT id, code::text AS note FROM orders;
ALTER TABLE orders DROP COLUMN note;
--: application
SELECT id FROM notes WHERE id = 1;
