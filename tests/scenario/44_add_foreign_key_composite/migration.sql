ALTER TABLE bookings ADD CONSTRAINT bookings_room FOREIGN KEY (house, number) REFERENCES rooms (house, number) MATCH FULL ON DELETE RESTRICT;
