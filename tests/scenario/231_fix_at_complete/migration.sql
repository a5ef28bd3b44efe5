ALTER TABLE accounts ADD COLUMN cents bigint NOT NULL DEFAULT 0;
-- segue: phase contract
UPDATE accounts SET cents = balance * 100 WHERE cents = 0;
ALTER TABLE accounts RENAME COLUMN kind TO type;
ALTER TABLE accounts RENAME TO ledger;
