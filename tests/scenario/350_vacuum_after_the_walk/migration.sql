-- segue: down readings.value = value::integer
-- segue: up   readings.room = split_part(sensor, ' ', 2)
ALTER TABLE readings ALTER COLUMN value TYPE bigint;
ALTER TABLE readings ADD COLUMN room text;
