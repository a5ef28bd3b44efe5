-- line: 7
-- expect: column "u.email" must appear in the GROUP BY clause or be used in an aggregate function
-- expect: write all columns in GROUP BY
-- segue: up users.email = coalesce(email, 'none')
-- segue: down users.email = email
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
CREATE VIEW by_user AS SELECT u.id, u.email, sum(t.id) AS total FROM users u JOIN teams t ON t.id = u.team_id GROUP BY u.id;
