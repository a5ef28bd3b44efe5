-- A default is bound to its column's type where it is set; a change of the type takes it as the server prints it then.
-- segue: down shifts.starts = starts::time
-- segue: down shifts.kind = sort
-- segue: down shifts.length = length::integer
ALTER TABLE shifts ALTER COLUMN starts SET DEFAULT '12:00';
ALTER TYPE mood ADD VALUE 'awake' BEFORE 'tired';
ALTER TABLE shifts ADD COLUMN ends time NOT NULL DEFAULT '18:00';
ALTER TABLE shifts ALTER COLUMN kind SET DEFAULT 'day';
ALTER TABLE shifts RENAME COLUMN kind TO sort;
ALTER TABLE shifts ALTER COLUMN starts TYPE interval;
ALTER TABLE shifts ALTER COLUMN ends TYPE interval;
ALTER TABLE shifts ALTER COLUMN sort TYPE varchar(40);
ALTER TABLE shifts ALTER COLUMN length TYPE bigint;
