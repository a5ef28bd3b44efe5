-- expect: column "no" has both an identity and a default
ALTER TABLE users ADD COLUMN no integer DEFAULT 1 GENERATED ALWAYS AS IDENTITY;
-- line: 2
