-- line: 6
-- expect: column "u.handle" must appear in the GROUP BY clause or be used in an aggregate function
-- expect: the new one sees a view in the place of each table that the file changes
-- expect: write all columns in GROUP BY
ALTER TABLE users RENAME COLUMN nick TO handle;
CREATE VIEW by_user AS SELECT u.id, u.handle, sum(t.id) AS total FROM users u JOIN teams t ON t.id = u.team_id GROUP BY u.id;
