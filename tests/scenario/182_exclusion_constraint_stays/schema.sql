CREATE TABLE rents (
    id bigint PRIMARY KEY,
    days int4range,
    price integer NOT NULL,
    EXCLUDE USING gist (days WITH &&)
);
INSERT INTO rents SELECT i, int4range(i * 2, i * 2 + 2), i FROM generate_series(1, 500) i;
