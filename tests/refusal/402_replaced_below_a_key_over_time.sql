-- on: 18
-- line: 7
-- expect: column "room" of table "spans" cannot be changed online: other objects depend on it
-- expect: constraint in words of a newer PostgreSQL stays_apart
-- expect: constraint in words of a newer PostgreSQL during
-- segue: down spans.room = room::text::int4range
ALTER TABLE spans ALTER COLUMN room TYPE int8range USING room::text::int8range;
