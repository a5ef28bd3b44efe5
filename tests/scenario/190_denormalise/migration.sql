-- segue: copy orders from customers: customer = code, customer_name = name, customer_city = city key (customer)
-- segue: back customers from orders: code = customer, name = coalesce(customer_name, ''), city = customer_city
ALTER TABLE orders ADD COLUMN customer_name text;
ALTER TABLE orders ADD COLUMN customer_city text;
ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;
DROP TABLE customers;
