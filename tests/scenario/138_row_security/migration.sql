DROP POLICY of_tenant ON accounts;
-- segue: down accounts.tenant = least(tenant, 2147483647)::integer
ALTER TABLE accounts ALTER COLUMN tenant TYPE bigint;
CREATE POLICY of_tenant ON public.accounts USING (tenant > 0) WITH CHECK (tenant < 1000000000000);
ALTER POLICY by_name ON accounts TO PUBLIC USING (name <> 'Hidden');
CREATE POLICY "All" ON accounts AS RESTRICTIVE FOR UPDATE TO app_reader USING (EXISTS (SELECT FROM accounts a WHERE a.id = accounts.id));
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
COMMENT ON POLICY of_tenant ON accounts IS 'tenants have larger numbers';
