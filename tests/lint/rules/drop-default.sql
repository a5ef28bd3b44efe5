--: before
ALTER TABLE customers ALTER COLUMN name SET DEFAULT 'nobody';
--: bad
SET lock_timeout = '100ms';
ALTER TABLE customers ALTER COLUMN name DROP DEFAULT;
--: good
-- once every release that runs names the column
SET lock_timeout = '100ms';
-- segue: allow drop-default because "releases since 4.2 name it"
ALTER TABLE customers ALTER COLUMN name DROP DEFAULT;
--: application
INSERT INTO customers (id) VALUES (3000);
--: application of good
INSERT INTO customers (id, name) VALUES (3000, 'somebody');
