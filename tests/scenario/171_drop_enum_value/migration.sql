CREATE TYPE order_state_new AS ENUM ('shipped', 'paid', 'new');
-- segue: up orders.state = CASE state WHEN 'lost' THEN 'shipped' ELSE state::text END
ALTER TABLE orders ALTER COLUMN state DROP DEFAULT,
    ALTER COLUMN state TYPE order_state_new USING (CASE state WHEN 'lost' THEN 'shipped' ELSE state::text END)::order_state_new,
    ALTER COLUMN state SET DEFAULT 'new'::order_state_new;
DROP TYPE order_state;
ALTER TYPE order_state_new RENAME TO order_state;
COMMENT ON TYPE order_state IS 'life of an order, without losses';
