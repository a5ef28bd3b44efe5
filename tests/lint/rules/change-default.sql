-- Of a column that the file itself has made nothing is told.
--: before
ALTER TABLE customers ALTER COLUMN name SET DEFAULT 'nobody';
--: bad
SET lock_timeout = '100ms';
ALTER TABLE customers ALTER COLUMN name SET DEFAULT 'somebody';
--: good
-- once every release that runs names the column
SET lock_timeout = '100ms';
-- segue: allow change-default because "releases since 4.2 name it"
ALTER TABLE customers ALTER COLUMN name SET DEFAULT 'somebody';
