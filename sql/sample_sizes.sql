-- Bytes of a table ($1: quoted, qualified), of a partitioned one with all that is below it.
SELECT sum(pg_table_size(t.oid))::float8 AS bytes
FROM (SELECT $1::regclass::oid AS oid UNION SELECT relid FROM pg_partition_tree($1::regclass)) t
