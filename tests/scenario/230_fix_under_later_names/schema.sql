CREATE TABLE "Order Lines" (id integer PRIMARY KEY, "Qty" integer NOT NULL, price numeric NOT NULL, note text);
INSERT INTO "Order Lines" SELECT i, i % 12, i * 1.25, 'n' FROM generate_series(1, 500) AS i;
