-- segue: down accounts.number = number::integer
-- segue: down accounts.code = code::smallint
-- segue: down postings.account = account::integer
ALTER TABLE accounts ALTER COLUMN number TYPE bigint, ALTER COLUMN code TYPE integer;
ALTER TABLE postings ALTER COLUMN account TYPE bigint;
