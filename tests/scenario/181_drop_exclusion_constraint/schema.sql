CREATE TABLE stays (
    id bigint PRIMARY KEY,
    days int4range NOT NULL,
    guests integer NOT NULL,
    CONSTRAINT one_at_a_time EXCLUDE USING gist (days WITH &&) WHERE (guests > 100)
);
INSERT INTO stays SELECT i, int4range(i, i + 2), 1 + i % 5 FROM generate_series(1, 500) i;
