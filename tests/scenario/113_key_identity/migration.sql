-- segue: down sensors.id = id::integer
-- segue: down readings.id = id::smallint
ALTER TABLE sensors ALTER COLUMN id TYPE bigint;
ALTER TABLE readings ALTER COLUMN id TYPE integer;
