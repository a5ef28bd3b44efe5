ALTER TABLE visits
    ADD COLUMN seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN lucky double precision DEFAULT random();
