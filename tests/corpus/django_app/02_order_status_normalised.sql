-- segue: goal "one spelling for each status"   owner: checkout
-- segue: up shop_order.status = CASE lower(status) WHEN 'paid' THEN 'paid' WHEN 'shipped' THEN 'shipped'
--     WHEN 'cancelled' THEN 'cancelled' ELSE 'new' END
-- segue: down shop_order.status = status
ALTER TABLE shop_order ALTER COLUMN status TYPE varchar(12);
ALTER TABLE shop_order ADD CONSTRAINT shop_order_status_valid CHECK (status IN ('new', 'paid', 'shipped', 'cancelled'));
CREATE INDEX shop_order_status_placed_4b7e1d90_idx ON shop_order (status, placed DESC);
