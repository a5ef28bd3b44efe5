--: before
CREATE SEQUENCE numbers;
--: bad
BEGIN;
ALTER SEQUENCE numbers RESTART WITH 5000;
COMMIT;
--: good
SELECT setval('numbers', 5000);
