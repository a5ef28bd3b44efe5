--: bad
CREATE TABLE big_orders AS SELECT id, amount FROM orders WHERE amount > 500;
--: good
CREATE TABLE big_orders AS SELECT id, amount FROM orders WHERE amount > 500 WITH NO DATA;
