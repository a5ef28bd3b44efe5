-- The statements that drop the version schemas of migration $1's schema that nothing uses any more: not the current one, of no
-- migration that is under way, and empty. No row when there is none.
SELECT string_agg(format('DROP SCHEMA %I', n.nspname), '; ')
FROM segue.migrations m
JOIN pg_namespace n
  ON n.nspname IN (SELECT unnest(ARRAY[old_version, new_version]) FROM segue.migrations known WHERE known.schema = m.schema)
WHERE m.id = $1::bigint
  AND n.nspname <> m.schema
  AND n.nspname <> (SELECT current_version FROM segue.schemas current WHERE current.schema = m.schema)
  AND NOT EXISTS (SELECT 1 FROM segue.migrations live
                  WHERE live.state NOT IN ('completed', 'rolled-back')
                    AND n.nspname IN (live.old_version, live.new_version))
  AND pg_has_role(n.nspowner, 'USAGE')
  AND NOT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = n.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_proc WHERE pronamespace = n.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_type WHERE typnamespace = n.oid)
HAVING count(*) > 0
