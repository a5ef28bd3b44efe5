-- The stored plan of migration $1.
SELECT plan FROM segue.migrations WHERE id = $1::bigint
