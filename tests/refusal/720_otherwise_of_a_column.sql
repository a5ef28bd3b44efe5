-- segue: up users.age = nick::integer otherwise big
ALTER TABLE users ALTER COLUMN age TYPE integer USING nick::integer;
-- line: 1
-- column: 40
-- expect: otherwise takes a constant
