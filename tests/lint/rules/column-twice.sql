--: bad
UPDATE customers SET name = 'a', email = NULL, name = 'b' WHERE id = 7;
--: good
UPDATE customers SET name = 'b', email = NULL WHERE id = 7;
