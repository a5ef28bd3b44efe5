-- How much of the log slot $1 keeps, in bytes. No row: there is no such slot.
SELECT coalesce(pg_current_wal_insert_lsn() - restart_lsn, 0)::float8 FROM pg_replication_slots WHERE slot_name = $1
