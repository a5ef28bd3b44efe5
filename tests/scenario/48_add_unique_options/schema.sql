CREATE TABLE seats (
    id bigint PRIMARY KEY,
    seat_row integer NOT NULL,
    seat_no integer NOT NULL,
    note text
);
INSERT INTO seats SELECT i, i / 20, i, 'note ' || i FROM generate_series(1, 600) i;
