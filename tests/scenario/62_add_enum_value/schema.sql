CREATE TYPE order_state AS ENUM ('new', 'paid', 'shipped');
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    state order_state NOT NULL DEFAULT 'new',
    note text
);
CREATE INDEX orders_state ON orders (state);
INSERT INTO orders SELECT i, (ARRAY['new', 'paid', 'shipped'])[1 + i % 3]::order_state, 'note ' || i FROM generate_series(1, 900) i;
