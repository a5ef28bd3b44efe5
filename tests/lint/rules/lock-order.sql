-- Told when the files are given together: two that run at once, in two jobs of a pipeline or against a server that another team
-- migrates, each wait for what the other holds.
--: other
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE customers ADD COLUMN seen_at timestamptz;
ALTER TABLE orders ADD COLUMN seen_at timestamptz;
COMMIT;
--: bad
SET lock_timeout = '100ms';
BEGIN;
ALTER TABLE orders ADD COLUMN sent_at timestamptz;
ALTER TABLE customers ADD COLUMN sent_at timestamptz;
COMMIT;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN sent_at timestamptz;
ALTER TABLE customers ADD COLUMN sent_at timestamptz;
