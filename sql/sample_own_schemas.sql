-- Schemas of segue's, as its state tells. Only where that is there and may be read.
SELECT n.nspname FROM pg_namespace n
WHERE n.nspname = 'segue' OR n.nspname LIKE 'segue\_rebuild%'
   OR n.nspname IN (SELECT current_version FROM segue.schemas)
   OR n.nspname IN (SELECT unnest(ARRAY[old_version, new_version]) FROM segue.migrations)
ORDER BY n.nspname
