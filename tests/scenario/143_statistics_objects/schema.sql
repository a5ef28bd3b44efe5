CREATE TABLE addresses (
    id bigint PRIMARY KEY,
    zip varchar(10) NOT NULL,
    city text NOT NULL,
    country text NOT NULL
);
CREATE STATISTICS zip_city (dependencies, mcv) ON zip, city FROM addresses;
ALTER STATISTICS zip_city SET STATISTICS 50;
COMMENT ON STATISTICS zip_city IS 'a zip has one city';
CREATE STATISTICS city_country ON city, country FROM addresses;
CREATE STATISTICS zip_country ON zip, country FROM addresses;
INSERT INTO addresses SELECT i, (10000 + i % 90)::text, 'city ' || i % 90, 'c' || i % 3 FROM generate_series(1, 500) i;
