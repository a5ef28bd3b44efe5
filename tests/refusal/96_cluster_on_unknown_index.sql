ALTER TABLE users CLUSTER ON users_by_name;
-- line: 1
-- expect: index "users_by_name" for table "users" does not exist
