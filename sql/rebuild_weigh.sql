-- What the strategy for a table hangs on. $1: the table. Where its files are is told to those only who may know.
SELECT pg_total_relation_size(c.oid),
       (COALESCE(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)
        / greatest(extract(epoch FROM now() - COALESCE(d.stats_reset, pg_postmaster_start_time())), 60))::double precision,
       CASE WHEN pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')
            THEN COALESCE(NULLIF(pg_tablespace_location(COALESCE(NULLIF(c.reltablespace, 0), b.dattablespace)), ''),
                          current_setting('data_directory')) END
FROM pg_class c
JOIN pg_database b ON b.datname = current_database()
JOIN pg_stat_database d ON d.datid = b.oid
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE c.oid = $1::regclass
