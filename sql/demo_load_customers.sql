-- Customers $1 + 1 to $2 of the demo's shop.
INSERT INTO customers (first_name, last_name, email, created_at)
SELECT
    (ARRAY['Ada', 'Alan', 'Barbara', 'Donald', 'Edsger', 'Frances', 'Grace', 'Ken', 'Margaret', 'Niklaus'])[1 + i % 10],
    (ARRAY['Allen', 'Dijkstra', 'Hamilton', 'Hopper', 'Knuth', 'Liskov', 'Lovelace', 'Thompson', 'Turing', 'Wirth'])[1 + i / 10 % 10],
    'customer-' || i || '@example.org',
    timestamptz '2024-01-01 00:00:00+00' + i * interval '1 minute'
FROM generate_series($1::bigint + 1, $2::bigint) AS i;
