CREATE TABLE visits (
    id bigint PRIMARY KEY,
    began timestamp with time zone NOT NULL DEFAULT now(),
    ended timestamp(3) with time zone,
    CHECK (ended >= began)
);
CREATE INDEX visits_began ON visits (began DESC);
INSERT INTO visits SELECT i, '2024-03-30 22:00+00'::timestamptz + i * interval '10 min', '2025-01-01 00:00+00' FROM generate_series(1, 800) i;
