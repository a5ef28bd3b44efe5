--: bad
CREATE TABLE payments (id bigint PRIMARY KEY);
-- the file stops further down, and is run again
CREATE TABLE payments (id bigint PRIMARY KEY);
--: good
CREATE TABLE IF NOT EXISTS payments (id bigint PRIMARY KEY);
-- the file stops further down, and is run again
CREATE TABLE IF NOT EXISTS payments (id bigint PRIMARY KEY);
