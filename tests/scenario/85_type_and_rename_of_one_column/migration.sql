-- segue: down meters.val = least(reading, 2147483647)
ALTER TABLE meters ALTER COLUMN val TYPE bigint;
ALTER TABLE meters RENAME COLUMN val TO reading;
