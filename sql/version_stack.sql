-- The versions of schema $1 below version $2 (its schema's name, or the migration's) on which it stands while their migrations are
-- under way, the nearest first.
SELECT coalesce(array_agg(below.new_version ORDER BY below.id DESC), '{}')::text
FROM segue.migrations version
JOIN segue.migrations below ON below.schema = version.schema AND below.id < version.id
WHERE version.schema = $1::text
  AND version.new_version IN ($2::text, $1::text || '_' || $2::text)
  AND version.state NOT IN ('completed', 'rolled-back')
  AND below.state NOT IN ('completed', 'rolled-back')
