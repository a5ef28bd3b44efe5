-- segue: phase expand
-- segue: undo
INSERT INTO teams VALUES (1000, 'late');
-- line: 2
-- expect: the statement that takes back is missing
