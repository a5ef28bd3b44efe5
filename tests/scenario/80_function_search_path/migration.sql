-- segue: up wallets.silver = coins * 10
ALTER TABLE wallets ADD COLUMN silver integer NOT NULL DEFAULT 0;
ALTER TABLE wallets RENAME COLUMN holder TO owner_name;
ALTER TABLE wallets ADD CONSTRAINT silver_not_negative CHECK (silver >= 0);
