-- expect: UTF-8
ALTER TABLE users ADD COLUMN café integer;
