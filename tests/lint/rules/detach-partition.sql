-- With CONCURRENTLY the partition itself is locked in ACCESS EXCLUSIVE for an instant at the very end.
--: before
CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events SELECT '2026-01-01'::date + n % 365, 'what' FROM generate_series(1, 1000) n;
--: bad
ALTER TABLE events DETACH PARTITION events_2026;
--: good
ALTER TABLE events DETACH PARTITION events_2026 CONCURRENTLY;
