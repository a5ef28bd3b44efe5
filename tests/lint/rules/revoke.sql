-- What a REVOKE takes away is asked for by the next statement already, of sessions that are there, too.
--: before
GRANT SELECT ON customers TO app_reader;
--: bad
REVOKE SELECT ON customers FROM app_reader;
--: good
-- once no release that runs reads it with that role
-- segue: allow revoke because "releases since 4.2 do not read it"
REVOKE SELECT ON customers FROM app_reader;
--: application app_reader
SELECT name FROM customers WHERE id = 1;
--: application of good
SELECT name FROM customers WHERE id = 1;
