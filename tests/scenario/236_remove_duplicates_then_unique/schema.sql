CREATE TABLE subscriptions (id integer PRIMARY KEY, email text NOT NULL, topic text NOT NULL, first boolean NOT NULL);
INSERT INTO subscriptions SELECT i, 'u' || i / 2 || '@x.org', 'news', i % 2 = 0 FROM generate_series(1, 1000) AS i;
CREATE TABLE quiet (id integer PRIMARY KEY, note text); -- for traffic whose rows nothing else changes
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
