-- segue: marks flyway 8 "full name" file "marks/V7__full_name.sql"
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: V7__full_name.sql is not the file of version 8
