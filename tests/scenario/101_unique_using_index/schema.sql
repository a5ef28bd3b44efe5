CREATE TABLE isbns (
    id bigint PRIMARY KEY,
    isbn text NOT NULL,
    ean text NOT NULL
);
CREATE UNIQUE INDEX isbns_there_already ON isbns (ean);
INSERT INTO isbns SELECT i, '978' || i, '4' || i FROM generate_series(1, 500) i;
