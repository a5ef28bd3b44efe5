-- expect: the new table "visits" has a foreign key to column "code" of table "labels", which this file changes
-- expect: in a migration of its own
-- line: 6
-- segue: down labels.code = code
ALTER TABLE labels ALTER COLUMN code TYPE varchar(40);
CREATE TABLE visits (id bigint PRIMARY KEY, code varchar(40) REFERENCES labels (code));
