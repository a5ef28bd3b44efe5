-- The types of a prepared statement's ($1) parameters: name, category, and a word of an enum's.
SELECT t.typname, t.typcategory, t.typcategory = 'A' AS is_array,
       (SELECT e.enumlabel FROM pg_enum e
        WHERE e.enumtypid = CASE WHEN t.typbasetype > 0 THEN t.typbasetype ELSE t.oid END ORDER BY e.enumsortorder LIMIT 1) AS label
FROM pg_prepared_statements p
CROSS JOIN LATERAL unnest(p.parameter_types) WITH ORDINALITY AS u (type, place)
JOIN pg_type t ON t.oid = u.type
WHERE p.name = $1::text
ORDER BY u.place
