UPDATE users SET nick = 'x';
-- line: 1
-- expect: UPDATE of "users" does not say when
-- expect: -- segue: phase expand
