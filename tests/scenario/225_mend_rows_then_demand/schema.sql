CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, age integer);
INSERT INTO users SELECT i, CASE WHEN i % 3 = 0 THEN 'User' ELSE 'user' END || i || '@Example.org', i % 90 - 5 FROM generate_series(1, 700) AS i;
