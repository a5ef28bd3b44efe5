CREATE TABLE teams (id integer);
-- line: 1
-- expect: teams
-- expect: exists
