CREATE TABLE "Mixed" (a integer NOT NULL, b integer NOT NULL, "Größe" text, PRIMARY KEY (a, b));
INSERT INTO "Mixed" SELECT i % 13, i, 'g' || i FROM generate_series(1, 500) AS i;
