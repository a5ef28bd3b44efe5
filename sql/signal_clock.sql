-- The minute of the day, in the session's time zone and in UTC.
SELECT (extract(hour FROM now()) * 60 + extract(minute FROM now()))::float8 AS here,
       (extract(hour FROM now() AT TIME ZONE 'UTC') * 60 + extract(minute FROM now() AT TIME ZONE 'UTC'))::float8 AS utc
