-- Where sequences stand that were used and may be seen, as statements that bring others there. $1: names of segue's schemas (text[]).
SELECT format('SELECT pg_catalog.setval(%L::regclass, %s)', format('%I.%I', schemaname, sequencename), last_value) AS statement
FROM pg_sequences
WHERE last_value IS NOT NULL AND schemaname <> ALL ($1::text[])
ORDER BY schemaname, sequencename
