CREATE TABLE cats (id integer PRIMARY KEY, name text NOT NULL, lives integer NOT NULL DEFAULT 9);
CREATE TABLE dogs (id integer PRIMARY KEY, name text NOT NULL, breed text);
INSERT INTO cats SELECT g, 'cat ' || g, g % 10 FROM generate_series(1, 200) AS g;
INSERT INTO dogs SELECT g, 'dog ' || g, 'breed ' || g % 7 FROM generate_series(1, 200) AS g;
