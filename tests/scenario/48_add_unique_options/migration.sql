ALTER TABLE seats ADD UNIQUE (seat_row, seat_no) INCLUDE (note);
ALTER TABLE seats ADD CONSTRAINT seat_once UNIQUE (seat_no) DEFERRABLE INITIALLY DEFERRED;
COMMENT ON CONSTRAINT seat_once ON seats IS 'swapped within one transaction';
