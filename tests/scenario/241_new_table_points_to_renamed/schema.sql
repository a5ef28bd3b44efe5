CREATE TABLE shops (
    shop_no integer PRIMARY KEY,
    street text NOT NULL,
    "House No" text NOT NULL,
    UNIQUE (street, "House No")
);
CREATE TABLE goods (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO shops SELECT i, 'street ' || i, i::text FROM generate_series(1, 200) i;
INSERT INTO goods SELECT i, 'good ' || i FROM generate_series(1, 300) i;
