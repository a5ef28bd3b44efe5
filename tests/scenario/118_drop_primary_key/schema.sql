-- The server leaves a second key of the same columns out of CREATE TABLE.
CREATE TABLE visits (
    id bigint CONSTRAINT visit PRIMARY KEY,
    page text NOT NULL
);
ALTER TABLE visits ADD CONSTRAINT visit_id UNIQUE (id);
COMMENT ON CONSTRAINT visit ON visits IS 'not needed any more';
INSERT INTO visits SELECT i, 'page ' || i FROM generate_series(1, 900) i;
