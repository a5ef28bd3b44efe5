CREATE TABLE "Mixed" (a integer NOT NULL, b integer NOT NULL, "Größe" text, PRIMARY KEY (a, b));
INSERT INTO "Mixed" SELECT i % 13, i, 'g' || i FROM generate_series(1, 500) AS i;
CREATE TABLE quiet (id integer PRIMARY KEY, note text); -- for traffic whose rows nothing else changes
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
