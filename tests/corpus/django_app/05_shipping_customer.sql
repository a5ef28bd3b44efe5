BEGIN;
--
-- Add field shipping_to to order
--
ALTER TABLE "shop_order" ADD COLUMN "shipping_to_id" bigint NULL CONSTRAINT "shop_order_shipping_to_id_8f2e9f10_fk_shop_customer_id" REFERENCES "shop_customer"("id") DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS "shop_order_shipping_to_id_8f2e9f10_fk_shop_customer_id" IMMEDIATE;
--
-- Alter unique_together for rating (1 constraint(s))
--
ALTER TABLE "shop_rating" ADD CONSTRAINT "shop_rating_customer_id_product_id_6d1c8c1e_uniq" UNIQUE ("customer_id", "product_id", "id");
CREATE INDEX "shop_order_shipping_to_id_8f2e9f10" ON "shop_order" ("shipping_to_id");
CREATE INDEX "shop_rating_customer_id_7f0d2c11" ON "shop_rating" ("customer_id");
COMMIT;
