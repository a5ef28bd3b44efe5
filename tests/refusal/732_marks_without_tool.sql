-- segue: marks
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: the tool that is marked is missing
-- expect: marks TOOL VERSION
