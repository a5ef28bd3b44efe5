--: bad
SET lock_timeout = '100ms';
TRUNCATE orders;
--: good
-- in batches, until no row is left
DELETE FROM orders WHERE id BETWEEN 1 AND 100;
