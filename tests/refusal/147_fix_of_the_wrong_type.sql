-- segue: phase contract
UPDATE users SET id = 'not a number' WHERE nick = 'x';
-- line: 2
-- expect: invalid input syntax for type
