-- What must be unique in a table ($1: its oid), as attribute numbers; the primary key first, then the best of the others.
-- is_key: it names a row for good, so a statement may address rows by it. An exclusion constraint is listed with no columns.
SELECT CASE WHEN i.indisexclusion THEN '[]'::json ELSE (
           SELECT json_agg(DISTINCT u.number)
           FROM (SELECT k.number FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                 WHERE k.place <= i.indnkeyatts AND k.number > 0
                 UNION ALL
                 -- The columns that an expression in the index reads.
                 SELECT d.refobjsubid FROM pg_depend d
                 WHERE i.indexprs IS NOT NULL AND d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0) AS u) END AS columns,
       i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
           AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                           WHERE k.place <= i.indnkeyatts AND NOT a.attnotnull) AS is_key
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = $1::oid AND (i.indisunique OR i.indisexclusion) AND i.indisvalid
ORDER BY i.indisprimary DESC, i.indnkeyatts, c.relname
