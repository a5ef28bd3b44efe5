-- What is known of column $2 of table $1 without reading a row: its type, the share of nulls, how many values it has (as pg_stats
-- counts them; NULL: nobody has looked), whether it may be null, and what values of its type become by assignment to type $3: 'a'
-- or 'i' by a cast, 'b' the same bytes, 't' text in, 'n' nothing.
SELECT format_type(a.atttypid, a.atttypmod) AS type, s.null_frac, s.n_distinct, NOT a.attnotnull AS nullable,
       CASE WHEN wanted.oid IS NULL THEN NULL
            WHEN a.atttypid = wanted.oid OR NULLIF(f.typbasetype, 0) = wanted.oid OR NULLIF(t.typbasetype, 0) = a.atttypid THEN 'b'
            ELSE COALESCE((SELECT CASE WHEN k.castcontext = 'e' THEN 'n' ELSE k.castcontext::text END
                           FROM pg_cast k WHERE k.castsource = a.atttypid AND k.casttarget = wanted.oid),
                          CASE WHEN t.typcategory = 'S' THEN 't' ELSE 'n' END) END AS becomes
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type f ON f.oid = a.atttypid
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
LEFT JOIN LATERAL (SELECT to_regtype(regexp_replace($3, '\(.*\)', ''))::oid AS oid) wanted ON true
LEFT JOIN pg_type t ON t.oid = wanted.oid
WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND NOT a.attisdropped
