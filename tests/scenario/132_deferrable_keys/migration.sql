-- segue: down lanes.position = position::integer
ALTER TABLE seats ADD CONSTRAINT seat PRIMARY KEY (place) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE seats ADD CONSTRAINT seat_of_guest UNIQUE (guest, row_no) DEFERRABLE;
ALTER TABLE lanes ALTER COLUMN position TYPE bigint;
