-- Walk $2 of migration $1 begins anew.
DELETE FROM segue.walks WHERE migration = $1::bigint AND step = $2::text
