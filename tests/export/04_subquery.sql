-- segue: up users.team = (SELECT t.id FROM teams t WHERE t.name = users.team)
ALTER TABLE users ALTER COLUMN team TYPE integer;
-- expect: the values of column "team" are read by a subquery
