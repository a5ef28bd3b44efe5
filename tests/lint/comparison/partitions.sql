-- Partitions.
-- script: attach without a check
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- script: attach with a check
SET lock_timeout = '200ms';
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- script: attach behind a check made and validated for it
SET lock_timeout = '200ms';
ALTER TABLE events_2025 ADD CONSTRAINT in_2025 CHECK (at >= '2025-01-01' AND at < '2026-01-01') NOT VALID;
ALTER TABLE events_2025 VALIDATE CONSTRAINT in_2025;
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE events_2025 DROP CONSTRAINT in_2025;
-- script: attach behind a check that is not validated
ALTER TABLE events_2025 ADD CONSTRAINT in_2025 CHECK (at >= '2025-01-01' AND at < '2026-01-01') NOT VALID;
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- script: attach of what does not fit
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
-- script: attach beside a default partition
ALTER TABLE log ATTACH PARTITION log_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- script: attach as the default partition
ALTER TABLE events ATTACH PARTITION events_2025 DEFAULT;
-- script: attach an empty table that this file makes
CREATE TABLE IF NOT EXISTS events_2027 (LIKE events INCLUDING ALL);
SET lock_timeout = '200ms';
ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- script: new partition
CREATE TABLE IF NOT EXISTS events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- script: new partition beside a default partition
CREATE TABLE IF NOT EXISTS log_2027 PARTITION OF log FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- script: new default partition
CREATE TABLE IF NOT EXISTS events_rest PARTITION OF events DEFAULT;
-- script: detach
ALTER TABLE events DETACH PARTITION events_2023;
-- script: detach, lock_timeout set
SET lock_timeout = '200ms';
ALTER TABLE events DETACH PARTITION events_2023;
-- script: detach concurrently
ALTER TABLE events DETACH PARTITION events_2023 CONCURRENTLY;
-- script: detach concurrently within a transaction
BEGIN;
ALTER TABLE events DETACH PARTITION events_2023 CONCURRENTLY;
COMMIT;
-- script: detach concurrently beside a default partition
ALTER TABLE log DETACH PARTITION log_rest CONCURRENTLY;
-- script: new partitioned table with partitions
BEGIN;
CREATE TABLE clicks (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE clicks_2026 PARTITION OF clicks FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
COMMIT;
