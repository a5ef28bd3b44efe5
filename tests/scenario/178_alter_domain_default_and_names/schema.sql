CREATE DOMAIN country AS character(2) DEFAULT 'NO' CONSTRAINT upper_case CHECK (VALUE = upper(VALUE));
CREATE DOMAIN weight AS numeric(8,2) DEFAULT 1;
CREATE TABLE parcels (
    id bigint PRIMARY KEY,
    goes_to country NOT NULL,
    comes_from country DEFAULT 'SE',
    weight weight,
    note text
);
INSERT INTO parcels (id, note) SELECT i, 'n' || i FROM generate_series(1, 400) i;
