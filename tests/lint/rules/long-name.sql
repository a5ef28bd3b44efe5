--: bad
CREATE INDEX CONCURRENTLY orders_by_the_customer_who_placed_them_and_by_their_amount_in_cents ON orders (customer_id, amount);
CREATE INDEX CONCURRENTLY orders_by_the_customer_who_placed_them_and_by_their_amount_in_cents_2 ON orders (amount, customer_id);
--: good
CREATE INDEX CONCURRENTLY orders_customer_amount ON orders (customer_id, amount);
