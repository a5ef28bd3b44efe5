-- Makes $1 segments of WAL: each row writes a record and goes on to the next segment.
SELECT max(pg_create_restore_point('segue demo')), max(pg_switch_wal())
FROM generate_series(1, $1::integer);
