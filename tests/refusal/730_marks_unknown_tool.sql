-- segue: marks flywy 7 "full name"
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: flywy is not a tool that can be marked
-- expect: segue knows flyway, liquibase
