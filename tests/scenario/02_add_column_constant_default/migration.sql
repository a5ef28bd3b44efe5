ALTER TABLE orders ADD COLUMN currency varchar(3) NOT NULL DEFAULT 'EUR';
ALTER TABLE orders ADD COLUMN weight integer DEFAULT 10;
