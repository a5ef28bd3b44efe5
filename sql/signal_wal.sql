-- The position in the log, and the bytes a second at which checkpoints would follow each other more closely than checkpoint_warning.
SELECT (pg_current_wal_lsn() - '0/0')::float8 AS position,
       (pg_size_bytes(current_setting('max_wal_size')) / 2.0
        / CASE WHEN extract(epoch FROM current_setting('checkpoint_warning')::interval) >= 1
               THEN extract(epoch FROM current_setting('checkpoint_warning')::interval) ELSE 30 END)::float8 AS ceiling
