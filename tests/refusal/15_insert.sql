ALTER TABLE teams ADD COLUMN slogan text;

INSERT INTO teams VALUES (100, 'late');
-- line: 3
-- expect: INSERT
