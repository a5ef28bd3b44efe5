-- segue: phase expand
UPDATE users SET no_such = 1;
-- line: 2
-- expect: column "no_such" of table "users" does not exist
-- expect: its columns at this point of the file are
