CREATE INDEX bookings_by_code ON bookings (lower(code), room) WHERE room > 3;
CREATE INDEX ON bookings USING btree (code DESC);
ALTER TABLE bookings ADD CONSTRAINT one_code UNIQUE (region, id, code);
ALTER TABLE bookings ADD CONSTRAINT room_known CHECK (room >= 0);
DROP INDEX bookings_room;
COMMENT ON INDEX bookings_by_code IS 'looked up by code';
