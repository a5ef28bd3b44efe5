-- segue: up staff.boss_name = (SELECT b.name FROM staff b WHERE b.id = staff.boss)
ALTER TABLE staff ADD COLUMN boss_name text;
ALTER TABLE staff ADD CONSTRAINT not_own_boss CHECK (boss <> id);
