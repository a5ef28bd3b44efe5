CREATE TABLE products (
    id bigint PRIMARY KEY,
    label text NOT NULL,
    cents integer NOT NULL,
    weight numeric(8,3),
    height integer
);
CREATE INDEX products_height ON products (height);
INSERT INTO products SELECT g, 'Product ' || g, g * 99, g / 8.0, g % 200 FROM generate_series(1, 400) AS g;
