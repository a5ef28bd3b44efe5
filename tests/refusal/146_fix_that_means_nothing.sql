-- segue: phase expand
UPDATE users SET nick = no_such_function(nick) WHERE nick IS NULL;
-- line: 2
-- expect: function no_such_function(text) does not exist
