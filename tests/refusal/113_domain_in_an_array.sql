ALTER DOMAIN listed ADD CHECK (VALUE > 0);
-- line: 1
-- expect: domain "listed" cannot be changed: column "lists" of table "typed" is an array of it
