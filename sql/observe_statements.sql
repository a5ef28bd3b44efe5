-- Statements of the applications that have been under way for longer than $1 seconds.
SELECT application_name, query, extract(epoch FROM clock_timestamp() - query_start)::float8 AS seconds
FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND (application_name LIKE 'segue drive %' OR application_name = 'segue recorded')
  AND query_start < clock_timestamp() - make_interval(secs => $1::float8)
