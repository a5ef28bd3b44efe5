CREATE SEQUENCE invoice_numbers START WITH 5000;
CREATE SEQUENCE unused;
CREATE SEQUENCE shared_numbers CACHE 4;
CREATE TABLE invoices (
    number bigint PRIMARY KEY DEFAULT nextval('invoice_numbers'),
    total integer NOT NULL
);
COMMENT ON SEQUENCE shared_numbers IS 'for whoever needs one';
INSERT INTO invoices (total) SELECT i FROM generate_series(1, 700) i;
