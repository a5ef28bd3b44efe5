-- segue: up events.kind = left(upper(kind), 20)
-- segue: down events.kind = lower(kind)
ALTER TABLE events ALTER COLUMN kind TYPE varchar(20);
ALTER TABLE events RENAME COLUMN payload TO body;
ALTER TABLE events ALTER COLUMN kind SET STATISTICS 500, ALTER body SET STORAGE EXTERNAL;
ALTER TABLE events ALTER COLUMN body SET (n_distinct = 5), SET (autovacuum_enabled = false, fillfactor = 90);
ALTER TABLE events CLUSTER ON events_at, REPLICA IDENTITY FULL;
ALTER TABLE small RESET (fillfactor), SET WITHOUT CLUSTER, SET UNLOGGED, OWNER TO app_reader;
ALTER TABLE scratch SET LOGGED, SET TABLESPACE pg_default;
