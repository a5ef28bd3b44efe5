-- segue: marks flyway 7 "full name"
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: flyway compares the checksum of its own file, and the mark names none
-- expect: file "path"
