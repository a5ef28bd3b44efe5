CREATE TYPE phase AS ENUM ('draft', 'final');
CREATE TABLE papers (
    id bigint PRIMARY KEY,
    phase phase NOT NULL DEFAULT 'draft',
    title text
);
COMMENT ON TYPE phase IS 'of a paper';
GRANT USAGE ON TYPE phase TO app_reader;
INSERT INTO papers SELECT i, 'final', 'title ' || i FROM generate_series(1, 400) i;
