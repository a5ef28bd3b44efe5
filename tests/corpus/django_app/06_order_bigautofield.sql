-- shop.0046: DEFAULT_AUTO_FIELD = BigAutoField
-- segue: down shop_order.id = id::integer
-- segue: down shop_orderline.order_id = order_id::integer
ALTER TABLE shop_orderline DROP CONSTRAINT shop_orderline_order_id_2b0c4a8e_fk_shop_order_id;
ALTER TABLE shop_order ALTER COLUMN id TYPE bigint;
ALTER SEQUENCE shop_order_id_seq AS bigint;
ALTER TABLE shop_orderline ALTER COLUMN order_id TYPE bigint;
ALTER TABLE shop_orderline ADD CONSTRAINT shop_orderline_order_id_2b0c4a8e_fk FOREIGN KEY (order_id) REFERENCES shop_order (id) DEFERRABLE INITIALLY DEFERRED;
