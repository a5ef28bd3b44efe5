CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    placed_on date NOT NULL DEFAULT current_date,
    customer_email text NOT NULL,
    customer_name text,
    total numeric(10,2) NOT NULL CHECK (total >= 0)
);
CREATE INDEX orders_by_customer ON orders (customer_email, placed_on);
INSERT INTO orders (placed_on, customer_email, customer_name, total)
SELECT date '2026-01-01' + g % 90, 'aa' || 100 + g % 70 || '@example.com', 'Customer ' || g % 70, g
FROM generate_series(1, 600) AS g;
