CREATE TABLE events (
    id bigint NOT NULL,
    at date NOT NULL,
    who text NOT NULL,
    cents integer NOT NULL DEFAULT 0,
    note varchar(40),
    gone text,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- Another order and other numbers of columns.
CREATE TABLE events_2025 (
    dropped_long_ago integer,
    note varchar(40),
    who text NOT NULL,
    at date NOT NULL,
    gone text,
    id bigint NOT NULL,
    cents integer NOT NULL DEFAULT 0
);
ALTER TABLE events_2025 DROP COLUMN dropped_long_ago;
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE INDEX events_who_idx ON events (who);
CREATE INDEX ON events (cents, note);
COMMENT ON COLUMN events.cents IS 'in cents';
COMMENT ON COLUMN events_2024.cents IS 'in cents, of 2024';
INSERT INTO events (id, at, who, cents, note, gone)
SELECT i, date '2023-12-01' + i, 'Ada ' || i, i * 7, CASE WHEN i % 3 > 0 THEN 'n' || i END, 'g' || i
FROM generate_series(1, 900) AS i;
ANALYZE;
