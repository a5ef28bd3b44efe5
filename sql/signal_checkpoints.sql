-- How many checkpoints the amount of log has forced, and how many a minute are too many (checkpoint_warning). Where they are
-- counted depends on the server's version.
SELECT substring(query_to_xml(CASE WHEN current_setting('server_version_num')::integer >= 170000
                                   THEN 'SELECT num_requested AS n FROM pg_stat_checkpointer'
                                   ELSE 'SELECT checkpoints_req AS n FROM pg_stat_bgwriter' END,
                              false, true, '')::text FROM '<n>([0-9]+)</n>')::float8 AS forced,
       (60 / CASE WHEN extract(epoch FROM current_setting('checkpoint_warning')::interval) >= 1
                  THEN extract(epoch FROM current_setting('checkpoint_warning')::interval) ELSE 30 END)::float8 AS ceiling
