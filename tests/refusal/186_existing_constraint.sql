-- expect: constraint "users_pkey" of table "users" already exists
ALTER TABLE users ADD CONSTRAINT users_pkey CHECK (age > -10);
