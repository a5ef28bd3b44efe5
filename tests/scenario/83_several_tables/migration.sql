-- segue: goal "one name; money as numeric" owner: shop
-- segue: up   customers.full_name = first_name || ' ' || last_name
-- segue: down customers.first_name = split_part(full_name, ' ', 1)
-- segue: down customers.last_name = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE customers ADD COLUMN full_name text NOT NULL;
ALTER TABLE customers DROP COLUMN first_name, DROP COLUMN last_name;
-- segue: up   orders.amount = amount / 100.0
-- segue: down orders.amount = round(amount * 100)
ALTER TABLE orders ALTER COLUMN amount TYPE numeric(14, 2) USING amount / 100.0;
ALTER TABLE orders RENAME COLUMN stat TO status;
-- segue: up orders.note = coalesce(note, '')
ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
ALTER TABLE orders ADD CONSTRAINT amount_not_negative CHECK (amount >= 0);
ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);
CREATE INDEX orders_by_customer ON orders (customer_id, status);
CREATE TABLE shipments (id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id), sent_at timestamptz);
DROP TABLE legacy;
