ALTER TABLE teams ADD COLUMN slogan text;
ALTER TABEL users ADD COLUMN x text;
-- line: 2
-- column: 7
-- expect: syntax error
-- expect: TABEL
