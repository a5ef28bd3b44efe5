ALTER PUBLICATION all_sales DROP TABLE sales;
-- segue: down sales.amount = least(amount, 2147483647)::integer
ALTER TABLE sales ALTER COLUMN amount TYPE bigint;
ALTER TABLE sales RENAME COLUMN note TO remark;
ALTER PUBLICATION all_sales ADD TABLE sales (id, amount, remark), stores;
ALTER TABLE stores REPLICA IDENTITY FULL;
CREATE PUBLICATION inserts FOR TABLE stores WHERE (id > 10) WITH (publish = 'insert');
COMMENT ON PUBLICATION inserts IS 'new stores';
ALTER PUBLICATION inserts OWNER TO CURRENT_USER;
