CREATE INDEX ON users (lower(name));
-- expect: an index of table "users" has no name by which it could be found
