-- segue: up assets.name = upper(name)
-- segue: down assets.name = lower(name)
ALTER TABLE assets ALTER COLUMN name TYPE varchar(60) USING upper(name);
