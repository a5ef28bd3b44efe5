CREATE TABLE sessions (id bigint PRIMARY KEY, seen date NOT NULL, token text NOT NULL);
INSERT INTO sessions SELECT i, date '2020-01-01' + i, md5(i::text) FROM generate_series(1, 500) AS i;
CREATE TABLE logins (id bigint PRIMARY KEY, session bigint REFERENCES sessions ON DELETE CASCADE);
INSERT INTO logins SELECT i, i FROM generate_series(1, 500) AS i;
CREATE TABLE quiet (id integer PRIMARY KEY, note text); -- for traffic whose rows nothing else changes
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
CREATE INDEX ON logins (session);
