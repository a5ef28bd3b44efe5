ALTER DOMAIN odd_number DROP CONSTRAINT nope;
-- line: 1
-- expect: constraint "nope" of domain "odd_number" does not exist
