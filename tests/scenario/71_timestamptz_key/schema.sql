CREATE TABLE ticks (
    at timestamptz PRIMARY KEY,
    price numeric NOT NULL
);
INSERT INTO ticks SELECT timestamptz '2025-03-30 00:00+01' + i * interval '1.123456 seconds', i / 3.0 FROM generate_series(1, 2000) i;
