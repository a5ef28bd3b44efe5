ALTER TABLE users ADD CHECK (n > 0);
-- expect: a constraint of table "users" has no name by which it could be found
