-- segue: phase expand
INSERT INTO teams VALUES (1000, 'late');
-- line: 2
-- expect: segue does not know how to take INSERT back
-- expect: -- segue: undo
