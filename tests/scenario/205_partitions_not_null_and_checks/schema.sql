CREATE TABLE meters (
    id integer NOT NULL,
    taken timestamptz NOT NULL,
    value integer,
    unit text,
    seen boolean NOT NULL DEFAULT false,
    CONSTRAINT value_small CHECK (value < 1000000),
    PRIMARY KEY (id, taken)
) PARTITION BY RANGE (taken);
CREATE TABLE meters_old PARTITION OF meters FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE meters_new PARTITION OF meters FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
INSERT INTO meters SELECT i, timestamptz '2024-10-01' + i * interval '4 hours', i, 'kWh' FROM generate_series(1, 900) AS i;
ANALYZE;
