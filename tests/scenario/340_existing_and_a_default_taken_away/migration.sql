-- Rows that are there take what `existing` says, those that the old version adds what ADD COLUMN says, also when the default goes.
-- segue: existing bookings.stay = 'empty'
-- segue: existing bookings.code = 'b' || id
ALTER TABLE bookings ADD COLUMN stay tstzrange DEFAULT '(,)' NOT NULL;
ALTER TABLE bookings ALTER COLUMN stay DROP DEFAULT;
ALTER TABLE bookings ADD COLUMN code text NOT NULL DEFAULT '';
ALTER TABLE bookings ALTER COLUMN code DROP DEFAULT;
