-- segue: marks dbmate 20261122093000
ALTER TABLE schema_migrations ADD COLUMN at date;
-- line: 1
-- expect: table schema_migrations is marked and changed by the same file
-- expect: a migration of its own
