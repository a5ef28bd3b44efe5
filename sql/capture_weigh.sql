-- Whether the changes of table $1 can be read from the server's log: the name that its slot begins with, why it cannot be done (NULL: as
-- far as is known here it can), the replica identity, and the columns of it.
WITH t AS (
    SELECT c.*, (SELECT oid FROM pg_database WHERE datname = current_database()) AS database FROM pg_class c WHERE c.oid = $1::regclass
),
identity AS (
    SELECT a.attname, a.attgenerated
    FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE t.relreplident = 'f'
       OR EXISTS (SELECT FROM pg_index i
                  WHERE i.indrelid = t.oid AND i.indisvalid AND i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
                    AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])
                    AND CASE t.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END)
)
SELECT 'segue_' || t.database,
       CASE
           WHEN current_setting('wal_level') <> 'logical' THEN 'wal_level is ' || current_setting('wal_level') || ', not logical'
           WHEN t.relpersistence <> 'p' THEN 'the table is not logged'
           WHEN NOT has_database_privilege(t.database, 'CREATE') THEN 'it takes CREATE on the database'
           WHEN NOT (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user)
               THEN 'role ' || quote_ident(current_user) || ' has no REPLICATION'
           WHEN (SELECT count(*) FROM pg_replication_slots) >= current_setting('max_replication_slots')::integer
               THEN 'all replication slots are in use'
           WHEN current_setting('synchronous_standby_names') ~ '\*|segue' THEN 'synchronous_standby_names takes segue for a standby'
       END,
       t.relreplident,
       (SELECT coalesce(json_agg(attname), '[]') FROM identity WHERE attgenerated = '')
FROM t
