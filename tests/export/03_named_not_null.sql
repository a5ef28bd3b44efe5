-- segue: up users.full_name = name
ALTER TABLE users ADD COLUMN full_name text CONSTRAINT whole NOT NULL;
-- expect: column "full_name" gets values and a NOT NULL with a name
