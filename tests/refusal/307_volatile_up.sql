-- segue: up users.a = random()
-- expect: calls a volatile function: random
ALTER TABLE users ADD COLUMN a float8;
