CREATE TABLE salaries (
    id bigint PRIMARY KEY,
    person text NOT NULL,
    pay integer NOT NULL
);
ALTER TABLE salaries OWNER TO app_owner;
CREATE INDEX salaries_pay ON salaries (pay);
COMMENT ON TABLE salaries IS 'private';
COMMENT ON COLUMN salaries.pay IS 'a month';
REVOKE ALL ON salaries FROM app_owner;
GRANT SELECT, INSERT, UPDATE ON salaries TO app_owner;
GRANT SELECT ON salaries TO app_reader WITH GRANT OPTION;
GRANT INSERT, UPDATE (person) ON salaries TO app_writer;
GRANT UPDATE (pay), REFERENCES (pay) ON salaries TO "Mixed Role";
GRANT SELECT ON salaries TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_reader;
INSERT INTO salaries SELECT i, 'person ' || i, 1000 + i FROM generate_series(1, 500) i;
