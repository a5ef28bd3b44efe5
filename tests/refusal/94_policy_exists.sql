CREATE POLICY of_all ON tenants USING (true);
-- line: 1
-- expect: policy "of_all" already exists
