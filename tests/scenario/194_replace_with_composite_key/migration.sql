-- segue: copy samples from readings: station = station, taken_at = at, value = value, is_high = (level = 'high'), raw = raw::jsonb key (station, taken_at)
-- segue: back readings from samples: value = value, level = CASE WHEN is_high THEN 'high' ELSE 'low' END::level, raw = raw::json
CREATE TABLE samples (
    station text NOT NULL,
    taken_at timestamptz NOT NULL,
    value double precision,
    is_high boolean NOT NULL DEFAULT false,
    raw jsonb,
    PRIMARY KEY (station, taken_at)
);
DROP TABLE readings;
