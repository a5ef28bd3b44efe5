SET search_path = other;
ALTER TABLE teams ADD COLUMN slogan text;
-- line: 1
-- expect: SET
