ALTER TABLE booked DROP COLUMN rooms;
-- line: 1
-- expect: column "rooms" of table "booked" cannot be dropped online: other objects depend on it
-- expect: exclusion constraint apart
