-- segue: up users.level = age
-- expect: 9 rows of users violate constraint "users_level_check" in their new shape
-- expect: id=1
ALTER TABLE users ADD COLUMN level integer CHECK (level >= 0);
