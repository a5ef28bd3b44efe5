-- The columns of tables $1 (text[]): the table's place in it, and what ANALYZE has found, where this role may see that. The most
-- frequent value is told of keys only, and never of a text: it may say something of a person.
SELECT w.place, a.attname, format_type(a.atttypid, a.atttypmod), s.null_frac IS NOT NULL AS analyzed,
       COALESCE(s.null_frac, 0)::float8 AS null_share,
       CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * greatest(s.rows, 0) ELSE COALESCE(s.n_distinct, 0) END::float8 AS distinct,
       k.is_key,
       COALESCE(s.freqs[1], 0)::float8 AS hot_share,
       CASE WHEN k.is_key AND (t.typcategory IN ('N', 'B', 'E') OR t.typname IN ('uuid', 'date'))
            THEN left((s.vals::text::text[])[1], 40) END AS hot
FROM (SELECT u.place, c.* FROM unnest($1::text[]) WITH ORDINALITY AS u (relation, place)
      JOIN (SELECT oid, relname, relnamespace, relkind FROM pg_class) c ON c.oid = to_regclass(u.relation)) w
JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_namespace n ON n.oid = w.relnamespace
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = w.oid AND i.indkey[0] = a.attnum)
           OR EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = w.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)) AS is_key) k
LEFT JOIN LATERAL (
    SELECT p.null_frac, p.n_distinct, p.most_common_freqs AS freqs, p.most_common_vals AS vals,
           (SELECT sum(greatest(c.reltuples, 0)) FROM pg_class c
            WHERE c.oid = w.oid OR w.relkind = 'p' AND c.oid IN (SELECT relid FROM pg_partition_tree(w.oid) WHERE isleaf)) AS rows
    FROM pg_stats p
    WHERE p.schemaname = n.nspname AND p.tablename = w.relname AND p.attname = a.attname AND p.inherited = (w.relkind = 'p')) s ON true
ORDER BY w.place, a.attnum
