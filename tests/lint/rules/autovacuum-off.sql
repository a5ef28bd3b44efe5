--: bad
ALTER TABLE orders SET (autovacuum_enabled = false);
--: good
ALTER TABLE orders SET (autovacuum_vacuum_cost_delay = 10);
