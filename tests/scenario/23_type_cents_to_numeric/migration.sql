-- segue: up   payments.amount = amount / 100.0
-- segue: down payments.amount = round(amount * 100)
ALTER TABLE payments ALTER COLUMN amount TYPE numeric(12, 2) USING amount / 100.0;
