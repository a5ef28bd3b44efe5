ALTER TABLE jobs DROP COLUMN retries, DROP COLUMN queued_at;
