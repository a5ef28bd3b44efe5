GRANT SELECT ON users TO app_reader;
-- line: 1
-- expect: GRANT
