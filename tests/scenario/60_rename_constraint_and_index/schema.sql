CREATE TABLE items (
    id bigint CONSTRAINT items_pk PRIMARY KEY,
    sku text NOT NULL CONSTRAINT sku_unique UNIQUE,
    parent bigint CONSTRAINT fk1 REFERENCES items,
    price integer CONSTRAINT chk1 CHECK (price >= 0)
);
CREATE INDEX idx1 ON items (price);
COMMENT ON INDEX idx1 IS 'by price';
INSERT INTO items SELECT i, 'sku' || i, NULL, i FROM generate_series(1, 400) i;
