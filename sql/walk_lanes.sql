-- How many lanes walk $2 of migration $1 has.
SELECT count(*) FROM segue.walks WHERE migration = $1::bigint AND starts_with(step, $2::text || '/lane-')
