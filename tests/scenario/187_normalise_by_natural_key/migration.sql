-- segue: allow ambiguous-copy because "the newest name is right"
-- segue: copy customers from orders: email = customer_email, name = customer_name key (email)
-- segue: back orders from customers: customer_name = name
CREATE TABLE customers (
    email text PRIMARY KEY,
    name text,
    since timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE orders DROP COLUMN customer_name;
ALTER TABLE orders ADD FOREIGN KEY (customer_email) REFERENCES customers;
