-- segue: owner:
-- expect: "owner" has no value
-- line: 1
ALTER TABLE users ADD COLUMN a integer;
