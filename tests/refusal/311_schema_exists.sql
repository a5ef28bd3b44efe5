-- expect: schema "public_311_schema_exists" exists already
ALTER TABLE users ADD COLUMN a integer;
