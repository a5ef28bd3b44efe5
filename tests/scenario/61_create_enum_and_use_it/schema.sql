CREATE TABLE parcels (id bigint PRIMARY KEY, code text NOT NULL, sent boolean NOT NULL);
INSERT INTO parcels SELECT i, 'c' || i, i % 2 = 0 FROM generate_series(1, 800) i;
