-- segue: up users.points = max(age)
ALTER TABLE users ADD COLUMN points integer;
-- line: 1
-- expect: aggregate
