CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    number integer NOT NULL DEFAULT 7,
    year integer NOT NULL,
    total integer CHECK (total >= 0),
    CONSTRAINT number_in_year UNIQUE (year, number),
    CONSTRAINT number_positive CHECK (number > 0)
);
CREATE INDEX invoices_by_number ON invoices (number DESC) INCLUDE (total);
CREATE INDEX invoices_open ON invoices (year) WHERE number < 100;
CREATE INDEX ON invoices ((number + year));
COMMENT ON COLUMN invoices.number IS 'printed on paper';
COMMENT ON CONSTRAINT number_in_year ON invoices IS 'the tax office wants it so';
COMMENT ON INDEX invoices_by_number IS 'for the search form';
ALTER TABLE invoices ALTER COLUMN number SET STATISTICS 500;
ALTER TABLE invoices ALTER COLUMN number SET (n_distinct = -0.5);
GRANT SELECT, INSERT ON invoices TO app_writer;
GRANT SELECT (number), UPDATE (number) ON invoices TO app_reader;
INSERT INTO invoices SELECT i, i, 2000 + i % 20, i * 5 FROM generate_series(1, 900) i;
