-- $1: the queue
INSERT INTO segue_shadow.position (queue, number, at) VALUES ($1::text, 0, pg_catalog.clock_timestamp()) ON CONFLICT DO NOTHING
