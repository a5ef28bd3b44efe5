-- segue: up emails.host = split_part(address, '@', 2)
ALTER TABLE emails ADD COLUMN host text NOT NULL;
