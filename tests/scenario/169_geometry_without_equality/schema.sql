CREATE TABLE places (
    id bigint PRIMARY KEY,
    spot point NOT NULL DEFAULT '(0,0)',
    area box,
    lat double precision NOT NULL,
    lon double precision NOT NULL
);
CREATE INDEX places_area ON places USING gist (area);
INSERT INTO places SELECT i, point(i, -i), box(point(i, i), point(i + 1, i + 2)), i, -i FROM generate_series(1, 600) i;
