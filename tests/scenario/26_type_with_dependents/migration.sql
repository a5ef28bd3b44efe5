-- segue: down invoices.number = least(number, 2147483647)
ALTER TABLE invoices ALTER COLUMN number TYPE bigint;
