CREATE TABLE towns (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE people (id integer PRIMARY KEY, town text, town_name text);
INSERT INTO towns SELECT 't' || i, 'Town ' || i FROM generate_series(1, 20) AS i;
INSERT INTO people SELECT i, 't' || i % 25, NULL FROM generate_series(1, 700) AS i;
