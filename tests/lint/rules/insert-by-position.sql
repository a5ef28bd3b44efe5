--: bad
INSERT INTO customers VALUES (3000, 'somebody', NULL);
--: good
INSERT INTO customers (id, name) VALUES (3000, 'somebody');
