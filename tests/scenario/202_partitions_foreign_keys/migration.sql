ALTER TABLE sales ADD CONSTRAINT sold_in_a_shop FOREIGN KEY (shop) REFERENCES shops (id) ON DELETE CASCADE;
ALTER TABLE receipts ADD CONSTRAINT receipt_of_sale FOREIGN KEY (sale, sale_day) REFERENCES sales (id, day);
COMMENT ON CONSTRAINT sold_in_a_shop ON sales IS 'no sale without a shop';
