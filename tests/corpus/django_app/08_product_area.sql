-- shop.0048: GeneratedField
ALTER TABLE catalog_product ADD COLUMN area_mm2 bigint GENERATED ALWAYS AS (width_mm::bigint * height_mm) STORED;
ALTER TABLE catalog_product ALTER COLUMN price TYPE numeric(10, 2);
-- segue: down catalog_product.price = least(price, 999999.99)
CREATE INDEX catalog_product_attributes_gin ON catalog_product USING gin (attributes jsonb_path_ops);
