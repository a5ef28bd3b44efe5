-- segue: goal "notifications do not end at two billion"   owner: core
-- segue: down notifications.id = id::integer
ALTER TABLE notifications ALTER COLUMN id TYPE bigint;
ALTER TABLE notifications ALTER COLUMN data TYPE text;
-- segue: down notifications.data = left(data, 1000)
ALTER TABLE notifications ADD COLUMN bumped_at timestamp(6) without time zone;
