ALTER TABLE labels NO INHERIT teams;
-- line: 1
-- expect: relation "teams" is not a parent of relation "labels"
