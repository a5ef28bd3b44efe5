CREATE TABLE shifts (id bigint PRIMARY KEY, hours int4range, notes text NOT NULL);
INSERT INTO shifts SELECT i, int4range(i * 2, i * 2 + 2), repeat('long ', 300) || i FROM generate_series(1, 9000) i;
