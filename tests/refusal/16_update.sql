UPDATE users SET nick = 'x';
-- line: 1
-- expect: UPDATE
