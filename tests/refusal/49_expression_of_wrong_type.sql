-- segue: up users.points = first_name
ALTER TABLE users ADD COLUMN points integer NOT NULL;
-- line: 1
-- expect: points
-- expect: integer
