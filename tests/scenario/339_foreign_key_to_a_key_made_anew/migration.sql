-- The primary key moves, and foreign keys go on pointing to the columns that it had.
ALTER TABLE visits DROP CONSTRAINT visits_place;
ALTER TABLE places DROP CONSTRAINT places_key;
ALTER TABLE places ADD CONSTRAINT places_id UNIQUE (id);
ALTER TABLE places ADD PRIMARY KEY (number);
ALTER TABLE visits ADD CONSTRAINT visits_place_anew FOREIGN KEY (place) REFERENCES places (id) ON DELETE CASCADE;
ALTER TABLE notes ADD FOREIGN KEY (place) REFERENCES places (id) NOT VALID;
ALTER TABLE places ADD CONSTRAINT places_within FOREIGN KEY (within) REFERENCES places (id);
ALTER TABLE places ADD COLUMN beside bigint REFERENCES places (id);
ALTER TABLE places RENAME COLUMN id TO place_id;
ALTER TABLE places RENAME TO locations;
