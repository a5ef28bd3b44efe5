-- ChangeJsonColumnsToJsonb
-- segue: down accounts.settings = settings::json
-- segue: down versions.object = object::json
ALTER TABLE accounts ALTER COLUMN settings DROP DEFAULT;
ALTER TABLE accounts ALTER COLUMN settings TYPE jsonb USING settings::jsonb;
ALTER TABLE accounts ALTER COLUMN settings SET DEFAULT '{}';
ALTER TABLE versions ALTER COLUMN object TYPE jsonb USING object::jsonb;
ALTER TABLE versions ADD COLUMN object_changes jsonb;
CREATE INDEX index_accounts_on_settings ON accounts USING gin (settings);
ALTER TABLE audit_events ADD COLUMN request_id uuid;
ALTER TABLE audit_events ALTER COLUMN action TYPE text;
CREATE INDEX index_audit_events_on_request_id ON audit_events USING btree (request_id) WHERE request_id IS NOT NULL;
