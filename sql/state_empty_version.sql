-- The statement that drops the old version's schema of migration $1; no row when something is still in it.
SELECT format('DROP SCHEMA %I', n.nspname)
FROM segue.migrations m JOIN pg_namespace n ON n.nspname = m.old_version
WHERE m.id = $1::bigint
  AND m.old_version <> m.schema
  AND pg_has_role(n.nspowner, 'USAGE')
  AND NOT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = n.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_proc WHERE pronamespace = n.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_type WHERE typnamespace = n.oid)
