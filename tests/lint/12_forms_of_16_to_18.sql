-- What PostgreSQL 15 refuses for want of a word or two is read all the same, and told of where the files run on 15.
-- arguments: --pg-version 15
-- expect: 12 error needs-newer-server
-- expect: 13 error needs-newer-server
-- expect: 14 error needs-newer-server
-- expect: 15 error needs-newer-server
-- expect: 16 error needs-newer-server
-- expect: 17 error needs-newer-server
-- expect: 18 error needs-newer-server
-- expect: 19 error needs-newer-server
SET lock_timeout = '100ms';
SELECT * FROM (SELECT 1) WHERE true;
SELECT now() AT LOCAL;
GRANT reader TO writer WITH INHERIT TRUE, SET FALSE;
REVOKE INHERIT OPTION FOR reader FROM writer;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO reader;
ALTER TABLE orders ALTER COLUMN note SET STORAGE DEFAULT;
ALTER TABLE orders ALTER CONSTRAINT there NO INHERIT;
REINDEX (VERBOSE) SYSTEM;
-- These 15 knows as well.
SELECT * FROM (SELECT 1) AS a JOIN (VALUES (1)) b ON true;
GRANT reader TO writer WITH ADMIN OPTION;
-- expect: 15 warning revoke
-- expect: 19 error reindex
