-- A limit that grows writes nothing; one that shrinks has every row written anew.
--: bad
CREATE TABLE places (id bigint PRIMARY KEY, name varchar(80));
--: good
CREATE TABLE places (id bigint PRIMARY KEY, name text CHECK (length(name) <= 80));
