CREATE TABLE orders (
    id bigint PRIMARY KEY,
    status text NOT NULL,
    n integer NOT NULL,
    note varchar(20)
);
INSERT INTO orders SELECT i, (ARRAY['new', 'paid', 'sent'])[1 + i % 3], i % 1900, 'note ' || i FROM generate_series(1, 600) AS i;
ANALYZE;
