-- Replication slots that segue has made in this database, and how much of the server's log each keeps, in bytes.
SELECT slot_name, coalesce(pg_current_wal_lsn() - restart_lsn, 0)::float8
FROM pg_replication_slots
WHERE database = current_database()
  AND starts_with(slot_name, (SELECT 'segue_' || oid || '_' FROM pg_database WHERE datname = current_database()))
ORDER BY 1
