CREATE TABLE visits (
    id bigint NOT NULL,
    day date NOT NULL,
    page text NOT NULL,
    PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE visits_2025 PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE visits_rest PARTITION OF visits DEFAULT;
CREATE INDEX ON visits (page);
CREATE FUNCTION note_visit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER noted BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION note_visit();
INSERT INTO visits SELECT i, date '2025-01-01' + i % 365, '/p' || i % 7 FROM generate_series(1, 400) AS i;
ANALYZE;
