-- A column with an index, a unique constraint, a check and a foreign key, on the table and on single partitions, is replaced.
CREATE TABLE makers (code varchar(20) PRIMARY KEY, name text);
CREATE TABLE parts (
    id integer NOT NULL,
    kind text NOT NULL,
    code varchar(20) NOT NULL DEFAULT 'none',
    weight integer,
    CONSTRAINT parts_known UNIQUE (kind, id, weight),
    PRIMARY KEY (kind, id),
    CONSTRAINT parts_weight CHECK (weight > 0)
) PARTITION BY LIST (kind);
CREATE TABLE parts_wood PARTITION OF parts FOR VALUES IN ('wood', 'cork');
CREATE TABLE parts_steel PARTITION OF parts FOR VALUES IN ('steel');
CREATE TABLE parts_other PARTITION OF parts DEFAULT;
CREATE INDEX parts_by_weight ON parts (weight DESC) INCLUDE (code);
CREATE INDEX steel_only ON parts_steel (weight, id);
ALTER TABLE parts_steel ADD CONSTRAINT steel_is_heavy CHECK (weight >= 2);
ALTER TABLE parts_steel ADD CONSTRAINT steel_weighs_once UNIQUE (id, weight);
ALTER TABLE parts_wood ALTER COLUMN weight SET DEFAULT 3;
ALTER TABLE parts_wood ALTER COLUMN weight SET STATISTICS 200;
COMMENT ON COLUMN parts_wood.weight IS 'dry';
COMMENT ON COLUMN parts.weight IS 'in grams';
GRANT SELECT (id, weight) ON parts TO app_reader;
INSERT INTO parts SELECT i, (ARRAY['wood', 'cork', 'steel', 'tin'])[1 + i % 4], 'c' || i % 9, 2 + i % 50 FROM generate_series(1, 700) AS i;
ANALYZE;
