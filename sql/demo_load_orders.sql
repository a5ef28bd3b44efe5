-- Orders $1 + 1 to $2 of the demo's shop, spread over $3 customers; one in twenty was never given a status.
INSERT INTO orders (customer_id, amount, status, note, placed_at)
SELECT
    1 + i * 7919 % $3::bigint,
    100 + i * 31 % 50000,
    CASE WHEN i % 20 > 0 THEN (ARRAY['new', 'paid', 'sent', 'returned'])[1 + i % 4] END,
    CASE WHEN i % 3 = 0 THEN 'leave it at the door' END,
    timestamptz '2024-01-01 00:00:00+00' + i * interval '10 seconds'
FROM generate_series($1::bigint + 1, $2::bigint) AS i;
