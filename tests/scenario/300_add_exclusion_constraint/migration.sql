ALTER TABLE bookings
    ADD CONSTRAINT one_guest EXCLUDE USING gist (int4range(room, room, '[]') WITH &&, nights WITH &&)
        WITH (fillfactor = 80) USING INDEX TABLESPACE pg_default WHERE (state <> 'cancelled') DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN note text;
ALTER TABLE bookings ADD EXCLUDE USING gist ((int4range("from", "to")) range_ops WITH OPERATOR(pg_catalog.&&)) 
    WHERE (bookings.state = 'open' AND bookings."from" IS NOT NULL AND bookings."to" IS NOT NULL);
COMMENT ON CONSTRAINT one_guest ON bookings IS 'a room has one guest a night';
ALTER TABLE seats ADD EXCLUDE USING hash (row_name WITH =);
ALTER TABLE seats ADD CONSTRAINT "EXCLUDE" EXCLUDE (seat_no DESC WITH =, lower(row_name) COLLATE "C" text_pattern_ops WITH =) INCLUDE (note);
