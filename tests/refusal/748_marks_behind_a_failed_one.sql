-- segue: marks flyway 7 "full name" file "marks/V7__full_name.sql"
ALTER TABLE users ADD COLUMN marked text;
-- expect: holds a migration that failed
-- expect: flyway repair
