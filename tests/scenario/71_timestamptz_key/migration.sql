-- segue: up ticks.cents = round(price * 100)::bigint
-- segue: down ticks.price = cents / 100.0
ALTER TABLE ticks ADD COLUMN cents bigint NOT NULL;
ALTER TABLE ticks DROP COLUMN price;
