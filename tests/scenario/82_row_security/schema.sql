CREATE TABLE secrets (
    id bigint PRIMARY KEY,
    tenant text NOT NULL,
    body text
);
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON secrets FOR ALL TO PUBLIC USING (tenant = current_user) WITH CHECK (tenant = current_user);
CREATE POLICY readers ON secrets AS PERMISSIVE FOR SELECT TO app_reader USING (tenant <> 'hidden');
GRANT SELECT, INSERT, UPDATE, DELETE ON secrets TO app_writer;
INSERT INTO secrets SELECT i, (ARRAY['app_writer', 'app_reader', 'hidden'])[1 + i % 3], 'body ' || i FROM generate_series(1, 600) i;
