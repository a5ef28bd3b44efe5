-- A serial key with foreign keys of two other tables, which stay as they are.
CREATE TABLE orders (
    id serial PRIMARY KEY,
    customer text NOT NULL,
    total numeric(10, 2) NOT NULL DEFAULT 0
);
CREATE TABLE items (
    id bigint PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders ON DELETE CASCADE,
    product text NOT NULL
);
CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    order_id integer,
    CONSTRAINT invoice_of_order FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE CASCADE ON DELETE SET NULL
        DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON CONSTRAINT orders_pkey ON orders IS 'everything hangs on it';
COMMENT ON CONSTRAINT invoice_of_order ON invoices IS 'bookkeeping';
COMMENT ON COLUMN orders.id IS 'printed on the parcel';
COMMENT ON SEQUENCE orders_id_seq IS 'the numbers of orders';
GRANT SELECT, INSERT, UPDATE, DELETE ON orders, items, invoices TO app_writer;
GRANT USAGE ON SEQUENCE orders_id_seq TO app_writer;
INSERT INTO orders (customer, total) SELECT 'customer ' || i % 50, i FROM generate_series(1, 1200) i;
INSERT INTO items SELECT i, 1 + i % 1200, 'product ' || i % 9 FROM generate_series(1, 2500) i;
INSERT INTO invoices SELECT i, CASE WHEN i % 7 > 0 THEN i END FROM generate_series(1, 700) i;
