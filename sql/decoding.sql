-- What capture by logical decoding asks of the server (docs/decisions/0034). Slots are not part of a transaction, so each of these can be
-- done again.

-- Returns when every transaction that was writing to the table at the time of the call has ended. Takes no lock.
CREATE OR REPLACE FUNCTION segue.wait_for_writers(what pg_catalog.regclass) RETURNS void LANGUAGE plpgsql AS $segue$
DECLARE
    writers pg_catalog.text[];
BEGIN
    LOOP
        SELECT pg_catalog.array_agg(l.virtualtransaction) INTO writers
        FROM pg_catalog.pg_locks AS l
        WHERE l.locktype = 'relation' AND l.granted AND l.relation = what AND l.mode IN ('RowExclusiveLock', 'AccessExclusiveLock')
          AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
          AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
          AND (writers IS NULL OR l.virtualtransaction = ANY (writers));
        EXIT WHEN writers IS NULL;
        PERFORM pg_catalog.pg_sleep(0.01);
    END LOOP;
END
$segue$;

-- The whole of a transaction's id of which the log tells the lower half: the one that is nearest to the present.
CREATE OR REPLACE FUNCTION segue.whole_xid(half pg_catalog.int8) RETURNS pg_catalog.xid8 LANGUAGE sql STABLE AS $segue$
    SELECT (next - CASE WHEN back < 2147483648 THEN back ELSE back - 4294967296 END)::pg_catalog.text::pg_catalog.xid8
    FROM (SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::pg_catalog.text::pg_catalog.int8) AS n (next),
         LATERAL (SELECT (next - half) & 4294967295) AS b (back)
$segue$;

-- Drops a slot, and ends the server process that receives from it.
CREATE OR REPLACE FUNCTION segue.slot_drop(slot pg_catalog.text) RETURNS void LANGUAGE plpgsql AS $segue$
BEGIN
    FOR tries IN 1..100 LOOP
        PERFORM pg_catalog.pg_terminate_backend(s.active_pid)
        FROM pg_catalog.pg_replication_slots AS s WHERE s.slot_name = slot AND s.active_pid IS NOT NULL;
        BEGIN
            PERFORM pg_catalog.pg_drop_replication_slot(s.slot_name) FROM pg_catalog.pg_replication_slots AS s WHERE s.slot_name = slot;
            RETURN;
        EXCEPTION
            WHEN object_in_use THEN PERFORM pg_catalog.pg_sleep(0.1);
            WHEN undefined_object THEN RETURN;
        END;
    END LOOP;
    RAISE EXCEPTION 'replication slot % is in use', slot USING ERRCODE = 'object_in_use';
END
$segue$;
