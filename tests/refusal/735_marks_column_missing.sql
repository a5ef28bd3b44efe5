-- segue: marks knex 20261122093000_full_name.js
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: table knex_migrations has no column batch, which knex writes
-- expect: name character varying(255)
-- expect: in TABLE
