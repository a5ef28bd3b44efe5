-- segue: phase contract
UPDATE users SET id = id WHERE big = 'x';
ALTER TABLE users DROP COLUMN big;
-- line: 2
-- expect: column "big" is dropped before phase contract
-- expect: -- segue: phase expand
