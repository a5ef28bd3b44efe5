-- The key moves from one column to two, with a foreign key of its own table's users.
CREATE TABLE prices (
    id integer NOT NULL,
    product text NOT NULL,
    region text NOT NULL,
    price integer NOT NULL,
    PRIMARY KEY (id)
);
ALTER TABLE prices REPLICA IDENTITY FULL;
INSERT INTO prices SELECT i, 'product ' || i / 4, 'region ' || i % 4, i FROM generate_series(1, 1200) i;
