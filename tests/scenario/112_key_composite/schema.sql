-- A key of two columns, one of which changes; a foreign key with MATCH FULL; a unique constraint that is referenced.
CREATE TABLE accounts (
    tenant integer NOT NULL,
    number integer NOT NULL,
    code smallint NOT NULL,
    owner text,
    PRIMARY KEY (tenant, number),
    CONSTRAINT account_code UNIQUE (code) INCLUDE (owner)
);
CREATE TABLE postings (
    id bigint PRIMARY KEY,
    tenant integer,
    account integer,
    by_code smallint REFERENCES accounts (code),
    amount integer NOT NULL,
    CONSTRAINT posting_account FOREIGN KEY (tenant, account) REFERENCES accounts (tenant, number) MATCH FULL
        ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO accounts SELECT i % 5, i, i, 'owner ' || i FROM generate_series(1, 400) i;
INSERT INTO postings SELECT i, (1 + i % 400) % 5, 1 + i % 400, CASE WHEN i % 3 = 0 THEN 1 + i % 400 END, i
FROM generate_series(1, 2000) i;
INSERT INTO postings SELECT i, NULL, NULL, NULL, i FROM generate_series(2001, 2100) i;
