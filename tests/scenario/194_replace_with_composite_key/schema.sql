CREATE TYPE level AS ENUM ('low', 'high');
CREATE TABLE readings (
    station text NOT NULL,
    at timestamptz NOT NULL,
    value double precision,
    level level NOT NULL DEFAULT 'low',
    raw json,
    PRIMARY KEY (station, at)
);
INSERT INTO readings SELECT 's' || g % 5, timestamptz '2026-01-01' + g * interval '7 minutes', g / 4.0, CASE WHEN g % 3 = 0 THEN 'high' ELSE 'low' END::level,
    json_build_object('g', g) FROM generate_series(1, 500) AS g;
