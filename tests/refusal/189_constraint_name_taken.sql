-- expect: relation "teams" already exists
ALTER TABLE users ADD CONSTRAINT teams UNIQUE (big);
