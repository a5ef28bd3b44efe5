--: bad
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
--: good
CREATE TABLE pieces (id bigint PRIMARY KEY, n integer CHECK (n > 0));
