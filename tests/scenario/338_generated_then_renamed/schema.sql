CREATE TABLE swaps (id bigint PRIMARY KEY, first timestamp, second integer NOT NULL);
INSERT INTO swaps SELECT i, timestamp '2024-01-01' + i * interval '1 hour', i FROM generate_series(1, 100) i;
