CREATE TYPE order_state AS ENUM ('new', 'paid', 'lost', 'shipped');
COMMENT ON TYPE order_state IS 'life of an order';
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    state order_state NOT NULL DEFAULT 'new',
    note text
);
CREATE INDEX orders_state ON orders (state);
INSERT INTO orders SELECT i, (ARRAY['new', 'paid', 'lost', 'shipped'])[1 + i % 4]::order_state, 'note ' || i FROM generate_series(1, 900) i;
