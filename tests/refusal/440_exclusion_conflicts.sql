ALTER TABLE booked ADD CONSTRAINT one_guest EXCLUDE USING gist (nights WITH &&);
-- expect: 10 rows of booked violate constraint "one_guest": they conflict with one another
-- expect: id=9 and id=10
-- expect: mend these rows first
