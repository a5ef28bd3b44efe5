-- expect: is created and dropped in the same file
CREATE TABLE a (id integer);
DROP TABLE a;
