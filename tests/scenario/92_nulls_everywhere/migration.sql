-- segue: up   sparse.ab = a || b
-- segue: down sparse.a = left(ab, 2)
ALTER TABLE sparse ADD COLUMN ab text;
ALTER TABLE sparse DROP COLUMN a;
-- segue: down sparse.c = least(c, 2147483647)
ALTER TABLE sparse ALTER COLUMN c TYPE bigint;
