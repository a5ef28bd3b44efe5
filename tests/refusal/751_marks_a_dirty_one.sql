-- segue: marks golang-migrate 7 after 6 in golang.schema_migrations
ALTER TABLE users ADD COLUMN marked text;
-- expect: is dirty: a migration of golang-migrate has failed half way
