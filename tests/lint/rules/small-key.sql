--: bad
CREATE TABLE visits (id integer PRIMARY KEY, at timestamptz NOT NULL);
-- two thousand million visits later
INSERT INTO visits (id, at) VALUES (2147483648, now());
--: good
CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz NOT NULL);
INSERT INTO visits (id, at) VALUES (2147483648, now());
