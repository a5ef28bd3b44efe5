CREATE TABLE counters (region text NOT NULL, number bigint NOT NULL, n integer NOT NULL, PRIMARY KEY (region, number));
INSERT INTO counters SELECT 'r' || i % 7, i, i FROM generate_series(1, 700) AS i;
CREATE TABLE quiet (id integer PRIMARY KEY, note text); -- for traffic whose rows nothing else changes
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
