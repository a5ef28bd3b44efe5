-- segue: goal "names that people understand"
ALTER VIEW big RENAME TO large;
ALTER VIEW large SET (security_barrier = true);
ALTER FUNCTION greet(text) RENAME TO welcome;
ALTER FUNCTION welcome(text) PARALLEL SAFE;
ALTER TRIGGER nothing ON cities RENAME TO unchanged;
CREATE VIEW small AS SELECT id, name FROM cities WHERE id <= 10;
ALTER VIEW small OWNER TO app_reader;
ALTER FUNCTION welcome(text) OWNER TO app_reader;
COMMENT ON FUNCTION welcome(text) IS 'says hello';
COMMENT ON SCHEMA public IS 'all of it';
REVOKE TRUNCATE ON cities FROM PUBLIC;
