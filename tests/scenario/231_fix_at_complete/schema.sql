CREATE TABLE accounts (id integer PRIMARY KEY, balance integer NOT NULL, kind text NOT NULL);
INSERT INTO accounts SELECT i, i, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END FROM generate_series(1, 500) AS i;
