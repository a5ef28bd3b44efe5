-- Where walk $2 of migration $1 stands; its row is locked for the rest of the chunk.
SELECT last[1] FROM segue.walks WHERE migration = $1::bigint AND step = $2::text FOR UPDATE
