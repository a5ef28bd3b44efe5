CREATE TABLE seats (
    place integer NOT NULL,
    row_no integer NOT NULL,
    guest text
);
CREATE TABLE lanes (
    id bigint PRIMARY KEY,
    position integer NOT NULL,
    CONSTRAINT lane_position UNIQUE (position) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO seats SELECT i, i / 20, 'guest ' || i FROM generate_series(1, 900) i;
INSERT INTO lanes SELECT i, i * 3 FROM generate_series(1, 700) i;
