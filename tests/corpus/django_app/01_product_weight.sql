-- shop.0041: AddField adds a NOT NULL column with a default, and takes the default away again: the framework fills it in.
ALTER TABLE catalog_product ADD COLUMN weight_g integer DEFAULT 0 NOT NULL CONSTRAINT catalog_product_weight_g_check CHECK (weight_g >= 0);
ALTER TABLE catalog_product ALTER COLUMN weight_g DROP DEFAULT;
ALTER TABLE catalog_product ADD COLUMN barcode varchar(13) NULL CONSTRAINT catalog_product_barcode_9c2a1e55_uniq UNIQUE;
CREATE INDEX catalog_product_barcode_9c2a1e55_like ON catalog_product (barcode varchar_pattern_ops);
ALTER TABLE catalog_product ADD COLUMN summary text DEFAULT '' NOT NULL;
ALTER TABLE catalog_product ALTER COLUMN summary DROP DEFAULT;
