CREATE TABLE owners (id integer PRIMARY KEY);
CREATE TABLE calls (
    id bigint NOT NULL,
    region text NOT NULL,
    owner integer REFERENCES owners (id),
    PRIMARY KEY (id, region)
) PARTITION BY LIST (region);
CREATE TABLE calls_north PARTITION OF calls FOR VALUES IN ('north');
CREATE TABLE calls_south PARTITION OF calls FOR VALUES IN ('south');
CREATE TABLE calls_west PARTITION OF calls FOR VALUES IN ('west');
CREATE INDEX ON calls (owner);
INSERT INTO owners SELECT i FROM generate_series(1, 9) AS i;
INSERT INTO calls SELECT i, (ARRAY['north', 'south', 'west'])[1 + i % 3], 1 + i % 9 FROM generate_series(1, 300) AS i;
ANALYZE;
