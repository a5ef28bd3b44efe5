CREATE TABLE stays (
    id bigint PRIMARY KEY,
    days int4range,
    guests integer NOT NULL DEFAULT 2,
    kind text,
    CONSTRAINT big_ones_apart EXCLUDE USING gist (days WITH &&) WHERE (guests > 3),
    CONSTRAINT many_apart EXCLUDE USING gist (days WITH &&) WHERE (guests > 4),
    EXCLUDE USING hash (kind WITH =)
);
INSERT INTO stays SELECT i, int4range(i * 5, i * 5 + 3), i % 5, 'k' || i FROM generate_series(1, 300) i;
