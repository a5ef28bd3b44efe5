-- segue: down rents.price = price::integer
ALTER TABLE rents ALTER COLUMN price TYPE numeric(12,2);
ALTER TABLE rents RENAME COLUMN days TO nights;
