-- segue: down counters.hits = least(hits, 2147483647)
-- segue: down counters.misses = least(misses, 32767)
ALTER TABLE counters ALTER COLUMN hits TYPE bigint;
ALTER TABLE counters ALTER COLUMN misses TYPE integer;
