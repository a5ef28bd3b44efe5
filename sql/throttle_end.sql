DELETE FROM segue.throttle WHERE migration = $1::bigint
