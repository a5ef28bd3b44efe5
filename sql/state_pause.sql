UPDATE segue.migrations SET paused = $2::boolean WHERE id = $1::bigint
