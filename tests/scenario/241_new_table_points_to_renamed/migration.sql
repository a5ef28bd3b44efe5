-- A new table is made while the tables that it points to still have their old names.
ALTER TABLE shops RENAME COLUMN shop_no TO "Number";
ALTER TABLE shops RENAME COLUMN "House No" TO house;
CREATE TABLE stock (
    shop integer NOT NULL REFERENCES shops ("Number") ON DELETE CASCADE,
    street text,
    house text,
    good bigint REFERENCES public.goods,
    amount integer NOT NULL DEFAULT 0 CHECK (amount >= 0),
    PRIMARY KEY (shop, good),
    FOREIGN KEY (street, house) REFERENCES shops (street, house) MATCH FULL
);
ALTER TABLE goods RENAME TO articles;
CREATE TABLE prices (
    good bigint PRIMARY KEY,
    price numeric(12, 2) NOT NULL,
    previous bigint REFERENCES prices
);
ALTER TABLE prices ADD CONSTRAINT prices_good FOREIGN KEY (good) REFERENCES articles (id) DEFERRABLE;
