-- segue: up   documents.body = body::jsonb
-- segue: down documents.body = body::json
ALTER TABLE documents ALTER COLUMN body TYPE jsonb;
CREATE INDEX documents_body ON documents USING gin (body jsonb_path_ops);
