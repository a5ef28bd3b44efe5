SELECT paused FROM segue.migrations WHERE id = $1::bigint
