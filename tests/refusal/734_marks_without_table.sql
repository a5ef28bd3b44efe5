-- segue: marks diesel 20261122093000
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: diesel keeps its history in table public.__diesel_schema_migrations, which does not exist
-- expect: in SCHEMA.TABLE
