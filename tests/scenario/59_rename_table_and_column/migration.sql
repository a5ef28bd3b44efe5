ALTER TABLE clients RENAME TO customers;
ALTER TABLE customers RENAME COLUMN nm TO name;
ALTER TABLE customers ADD COLUMN vip boolean NOT NULL DEFAULT false;
