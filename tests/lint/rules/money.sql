--: bad
CREATE TABLE prices (id bigint PRIMARY KEY, price money);
--: good
CREATE TABLE prices (id bigint PRIMARY KEY, price numeric(12, 2));
