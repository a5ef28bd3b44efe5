-- segue: down amounts.net = net
ALTER TABLE amounts ALTER COLUMN net TYPE numeric(14,4);
-- segue: down amounts.tax = tax
ALTER TABLE amounts ALTER COLUMN tax TYPE numeric;
-- segue: down amounts.rate = rate
ALTER TABLE amounts ALTER COLUMN rate TYPE double precision;
-- segue: down amounts.factor = factor
ALTER TABLE amounts ALTER COLUMN factor TYPE numeric(10,1);
