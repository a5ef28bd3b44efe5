-- segue: phase expand
-- segue: undo UPDATE others SET id = id
UPDATE users SET nick = 'x';
-- line: 2
-- expect: this undo cannot take back a data fix: it is about another table
-- expect: undo none because
