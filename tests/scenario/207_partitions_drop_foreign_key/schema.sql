CREATE TABLE owners (id integer PRIMARY KEY);
CREATE TABLE pets (
    id integer NOT NULL,
    owner integer NOT NULL REFERENCES owners (id),
    born date NOT NULL,
    PRIMARY KEY (id, born)
) PARTITION BY RANGE (born);
CREATE TABLE pets_2024 PARTITION OF pets FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE pets_rest PARTITION OF pets DEFAULT;
COMMENT ON CONSTRAINT pets_owner_fkey ON pets IS 'nobody is alone';
INSERT INTO owners SELECT i FROM generate_series(1, 30) AS i;
INSERT INTO pets SELECT i, 1 + i % 30, date '2024-06-01' + i FROM generate_series(1, 400) AS i;
ANALYZE;
