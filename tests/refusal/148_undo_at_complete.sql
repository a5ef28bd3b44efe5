-- segue: phase contract
-- segue: undo UPDATE users SET nick = 'y'
UPDATE users SET nick = 'x';
-- line: 2
-- expect: after complete there is no way back
