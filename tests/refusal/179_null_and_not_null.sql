-- expect: conflicting NULL/NOT NULL declarations for column "a"
ALTER TABLE users ADD COLUMN a integer NULL NOT NULL DEFAULT 1;
