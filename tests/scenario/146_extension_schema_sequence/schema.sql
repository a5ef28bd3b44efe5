CREATE TABLE parcels (id bigint PRIMARY KEY, code text NOT NULL);
CREATE SEQUENCE old_numbers;
INSERT INTO parcels SELECT i, 'p' || i FROM generate_series(1, 300) i;
