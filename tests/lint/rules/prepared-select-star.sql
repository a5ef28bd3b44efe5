--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
--: good
-- nothing on the server's side helps: the application names its columns
SET lock_timeout = '100ms';
CREATE TABLE order_countries (order_id bigint PRIMARY KEY, country text);
--: application
SELECT * FROM orders WHERE id = 1;
SELECT id, amount FROM orders WHERE id = 1;
