--: bad
BEGIN;
LOCK TABLE orders;
COMMIT;
--: good
SET lock_timeout = '100ms';
BEGIN;
LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE;
COMMIT;
