-- expect: would be longer than 63 bytes
ALTER TABLE users ADD COLUMN a integer;
