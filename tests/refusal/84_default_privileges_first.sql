ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_reader;
CREATE TABLE fresh (id bigint PRIMARY KEY);
-- line: 1
-- expect: ALTER DEFAULT PRIVILEGES runs at complete, after what the file makes below it
