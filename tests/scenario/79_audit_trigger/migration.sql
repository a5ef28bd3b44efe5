-- segue: up balances.currency_amount = amount || ' EUR'
ALTER TABLE balances ADD COLUMN currency_amount text NOT NULL;
CREATE INDEX ON balance_log (balance_id);
