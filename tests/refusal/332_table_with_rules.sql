ALTER TABLE ruled ADD COLUMN note text;
-- line: 1
-- expect: table "ruled" cannot be changed online: it has rules
