-- The row with this label is no longer left by walk $2 of migration $1; NULL: none is.
DELETE FROM segue.stubborn WHERE migration = $1::bigint AND step = $2::text AND (label = $3::text OR $3::text IS NULL)
