-- Only plain lists of columns are compared, without UNIQUE, WHERE, order and operator classes.
--: before
CREATE INDEX orders_customer_amount ON orders (customer_id, amount);
--: bad
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
--: good
CREATE INDEX CONCURRENTLY orders_code_amount ON orders (code, amount);
