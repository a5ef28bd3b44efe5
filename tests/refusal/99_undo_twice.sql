-- segue: phase expand
-- segue: undo DELETE FROM teams WHERE id = 1000
-- segue: undo none because "twice"
INSERT INTO teams VALUES (1000, 'late');
-- line: 3
-- expect: the statement has an undo already
