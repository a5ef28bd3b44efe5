-- The new version of migration $1 becomes the current one of its schema.
INSERT INTO segue.schemas (schema, current_version)
SELECT schema, new_version FROM segue.migrations WHERE id = $1::bigint
ON CONFLICT (schema) DO UPDATE SET current_version = excluded.current_version
