-- expect: operator does not exist: text % integer
-- expect: constraint "only_even" does not fit the new type
-- line: 5
-- segue: down halves.number = number::integer
ALTER TABLE halves ALTER COLUMN number TYPE text;
