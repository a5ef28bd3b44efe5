ALTER TABLE plates DROP CONSTRAINT plates_plate_key;
