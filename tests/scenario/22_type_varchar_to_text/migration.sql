-- segue: down labels.code = left(code, 20)
ALTER TABLE labels ALTER COLUMN title TYPE text;
ALTER TABLE labels ALTER COLUMN code TYPE text;
