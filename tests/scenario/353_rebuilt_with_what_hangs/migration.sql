-- segue: up things.full_name = first_name || ' ' || last_name
ALTER TABLE things ADD COLUMN full_name text NOT NULL;
CREATE INDEX by_full_name ON things (full_name);
