CREATE TABLE fresh (id integer PRIMARY KEY, n integer);
-- segue: phase expand
DELETE FROM fresh WHERE n = 1;
-- line: 3
-- expect: table "fresh" is new: DELETE finds no rows in it
-- expect: leave the statement out
