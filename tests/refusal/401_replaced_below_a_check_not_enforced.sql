-- on: 18
-- line: 6
-- expect: column "a" of table "loose" cannot be changed online: other objects depend on it
-- expect: constraint in words of a newer PostgreSQL wished
-- segue: down loose.a = a::integer
ALTER TABLE loose ALTER COLUMN a TYPE bigint;
