CREATE TABLE visits (
    id bigint CONSTRAINT visit PRIMARY KEY,
    page text NOT NULL,
    CONSTRAINT visit_id UNIQUE (id)
);
COMMENT ON CONSTRAINT visit ON visits IS 'not needed any more';
INSERT INTO visits SELECT i, 'page ' || i FROM generate_series(1, 900) i;
