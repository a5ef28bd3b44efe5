-- segue: up a.id = 1
-- expect: table "a" is new: it has no rows to convert
CREATE TABLE a (id integer);
