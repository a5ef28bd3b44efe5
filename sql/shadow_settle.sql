-- $1: the queue. By a session that waits for the disk.
UPDATE segue_shadow.position SET at = pg_catalog.clock_timestamp() WHERE queue = $1::text
