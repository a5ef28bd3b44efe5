-- The schemas of all of segue's versions, and which of them schema $1 runs on. Only when the state schema is there and
-- may be read.
SELECT array_agg(DISTINCT v.version)::text AS versions,
       (SELECT current_version FROM segue.schemas WHERE schema = $1::text) AS current_version
FROM (SELECT current_version AS version FROM segue.schemas
      UNION ALL
      SELECT unnest(ARRAY[old_version, new_version]) FROM segue.migrations) v
