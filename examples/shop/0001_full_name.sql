-- segue: goal "one name field for all locales, and amounts as people write them"
-- segue: owner "shop"

-- First and last name become one; the first space parts them again.
-- segue: up   customers.full_name  = first_name || ' ' || last_name
-- segue: down customers.first_name = split_part(full_name, ' ', 1)
-- segue: down customers.last_name  = substr(full_name, strpos(full_name, ' ') + 1)
ALTER TABLE customers ADD COLUMN full_name text NOT NULL;
ALTER TABLE customers DROP COLUMN first_name, DROP COLUMN last_name;

-- Whole cents become an amount with two decimals, and every amount must be positive.
-- segue: up   orders.amount = amount / 100.0
-- segue: down orders.amount = round(amount * 100)::integer
ALTER TABLE orders ALTER COLUMN amount TYPE numeric(12,2) USING amount / 100.0;
ALTER TABLE orders ADD CONSTRAINT orders_amount_positive CHECK (amount > 0);

-- Every order has a status; what was never given one counts as new.
-- segue: up   orders.status = coalesce(status, 'new')
-- segue: down orders.status = status
ALTER TABLE orders ALTER COLUMN status SET NOT NULL;

ALTER TABLE orders RENAME COLUMN note TO remark;
