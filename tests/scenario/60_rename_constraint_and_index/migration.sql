ALTER TABLE items RENAME CONSTRAINT chk1 TO price_not_negative;
ALTER TABLE items RENAME CONSTRAINT fk1 TO items_parent_fkey;
ALTER TABLE items RENAME CONSTRAINT sku_unique TO items_sku_key;
ALTER TABLE items RENAME CONSTRAINT items_pk TO items_pkey;
ALTER INDEX idx1 RENAME TO items_price;
