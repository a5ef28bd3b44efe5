-- segue: marks flyway 7 "full name" file "marks/V8__nothing.sql"
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: the file of a mark cannot be read
-- expect: marks/V8__nothing.sql
-- expect: folder of the migration
