-- The keys of the rows that walk $2 of migration $1 has left: label, then the values.
SELECT label, key FROM segue.stubborn WHERE migration = $1::bigint AND step = $2::text ORDER BY label
