-- line: 5
-- expect: column "u.nick" must appear in the GROUP BY clause or be used in an aggregate function
-- expect: write all columns in GROUP BY
ALTER TABLE users ALTER COLUMN nick SET DEFAULT 'nobody';
CREATE VIEW by_user AS SELECT u.id, u.nick, sum(t.id) AS total FROM users u JOIN teams t ON t.id = u.team_id GROUP BY u.id;
