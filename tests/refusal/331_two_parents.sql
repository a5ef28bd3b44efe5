CREATE TABLE orphans () INHERITS (mothers, fathers);
-- line: 1
-- expect: CREATE TABLE … INHERITS from more than one table is not something segue can do online yet
