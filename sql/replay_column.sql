-- Which of the relations ($1: names as statements have them, text[], the first that fits) has the column ($2: its name, or NULL and $3 its
-- place): quoted, whether it must be another value for each row (something unique that no foreign key is in), how much of the relation is
-- looked at for values (NULL: it is no table).
SELECT c.oid::regclass::text AS relation, quote_ident(a.attname) AS "column", t.typcategory = 'A' AS is_array, t.typname,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey))
           AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)) AS fresh,
       CASE WHEN c.relkind IN ('r', 'p', 'm') THEN least(100, 40000 / greatest(c.relpages, 1)::float8) END AS percent
FROM unnest($1::text[]) WITH ORDINALITY AS u (name, place)
JOIN pg_class c ON c.oid = to_regclass(u.name)
CROSS JOIN LATERAL (SELECT b.attname, b.attnum, b.atttypid, row_number() OVER (ORDER BY b.attnum) AS place
                    FROM pg_attribute b WHERE b.attrelid = c.oid AND b.attnum > 0 AND NOT b.attisdropped) a
JOIN pg_type t ON t.oid = a.atttypid
WHERE CASE WHEN $2::text IS NULL THEN a.place = $3::bigint ELSE a.attname = $2::text END
ORDER BY u.place
LIMIT 1
