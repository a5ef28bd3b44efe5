-- What the file adds follows what it renames below.
ALTER TABLE staff ADD CONSTRAINT named CHECK (name <> '') NOT VALID;
ALTER TABLE staff ADD CONSTRAINT boss_is_staff FOREIGN KEY (boss) REFERENCES staff (badge) NOT VALID;
ALTER TABLE staff ADD CONSTRAINT roomed CHECK (room IS NULL OR length(room) < 100);
ALTER TABLE staff RENAME COLUMN badge TO "Badge No";
ALTER TABLE staff RENAME COLUMN boss TO superior;
ALTER TABLE staff RENAME COLUMN name TO full_name;
ALTER TABLE staff RENAME COLUMN room TO place;
