CREATE TABLE plates (
    id bigint PRIMARY KEY,
    plate text NOT NULL UNIQUE,
    state text NOT NULL,
    CONSTRAINT plate_in_state UNIQUE (state, plate)
);
INSERT INTO plates SELECT i, 'P' || i, 's' || i % 16 FROM generate_series(1, 500) i;
