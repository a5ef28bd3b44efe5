CREATE TABLE regions (code text PRIMARY KEY);
CREATE TABLE readings (
    id bigint NOT NULL,
    at date NOT NULL,
    region text NOT NULL REFERENCES regions (code),
    value integer CHECK (value > 0),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
CREATE INDEX ON readings (region, value);
CREATE TABLE archive (
    value integer CONSTRAINT readings_value_check CHECK (value > 0),
    region text NOT NULL,
    at date NOT NULL,
    id bigint NOT NULL
);
INSERT INTO regions VALUES ('north'), ('south');
INSERT INTO readings SELECT i, date '2025-01-01' + i % 700, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END, i FROM generate_series(1, 500) AS i;
INSERT INTO archive SELECT i, 'south', date '2024-01-01' + i % 365, i FROM generate_series(1, 400) AS i;
ANALYZE;
