CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    tenant integer NOT NULL,
    name text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts TO app_reader;
CREATE POLICY of_tenant ON accounts USING (tenant > 0);
CREATE POLICY by_name ON accounts FOR SELECT TO app_reader USING (name <> 'hidden') ;
COMMENT ON POLICY of_tenant ON accounts IS 'one tenant';
INSERT INTO accounts SELECT i, i % 5 + 1, 'account ' || i FROM generate_series(1, 400) i;
