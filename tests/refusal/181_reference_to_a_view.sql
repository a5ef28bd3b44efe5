-- expect: referenced relation "user_ages" is not a table
ALTER TABLE users ADD COLUMN a bigint REFERENCES user_ages (id);
