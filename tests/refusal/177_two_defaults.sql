-- expect: multiple default values specified for column "a"
ALTER TABLE users ADD COLUMN a integer DEFAULT 1 DEFAULT 2;
