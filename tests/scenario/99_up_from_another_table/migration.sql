-- segue: up prices.in_euro = price / (SELECT r.rate FROM rates r WHERE r.currency = prices.currency)
ALTER TABLE prices ADD COLUMN in_euro numeric(14, 4) NOT NULL DEFAULT 0;
