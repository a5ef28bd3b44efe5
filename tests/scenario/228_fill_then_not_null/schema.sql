CREATE TABLE invoices (id uuid PRIMARY KEY, state text, total numeric(10,2));
INSERT INTO invoices SELECT md5(i::text)::uuid, CASE WHEN i % 4 > 0 THEN 'open' END, i FROM generate_series(1, 700) AS i;
