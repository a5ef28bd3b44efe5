-- $1: the queue. Waits for a transaction that is just about to change it.
SELECT number FROM segue_shadow.position WHERE queue = $1::text FOR UPDATE
