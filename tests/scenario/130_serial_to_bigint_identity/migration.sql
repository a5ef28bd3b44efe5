-- segue: down devices.id = id::integer
-- segue: down alarms.device = device::integer
ALTER TABLE devices ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE devices_id_seq;
ALTER TABLE devices ALTER COLUMN id TYPE bigint;
ALTER TABLE devices ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE alarms ALTER COLUMN device TYPE bigint;
