-- segue: up products.price = cents / 100.0
-- segue: down products.cents = (price * 100)::integer
-- segue: copy dimensions from products: product_id = id, weight = weight, height_mm = height * 10 where coalesce(height, 1) > 0 key (product_id)
-- segue: back products from dimensions: weight = weight, height = height_mm / 10
CREATE TABLE dimensions (
    product_id bigint NOT NULL,
    weight numeric(8,3),
    height_mm integer,
    noted timestamptz DEFAULT now()
);
ALTER TABLE dimensions ADD CONSTRAINT one_for_each UNIQUE (product_id);
CREATE INDEX dimensions_height ON dimensions (height_mm);
ALTER TABLE products ADD COLUMN price numeric(12,2) NOT NULL;
ALTER TABLE products DROP COLUMN cents, DROP COLUMN weight, DROP COLUMN height;
ALTER TABLE products RENAME COLUMN label TO name;
