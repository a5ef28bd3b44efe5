CREATE TABLE regions (id integer PRIMARY KEY, name text);
INSERT INTO regions SELECT i, 'region ' || i FROM generate_series(1, 200) i;
CREATE TABLE shops (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    region_id integer REFERENCES regions,
    area integer CHECK (area > 0),
    CONSTRAINT name_in_region UNIQUE (region_id, name)
);
CREATE INDEX shops_by_area ON shops (area DESC);
CREATE INDEX shops_named ON shops (name) WHERE area > 10;
COMMENT ON COLUMN shops.area IS 'square metres';
GRANT SELECT (id, area), UPDATE (name) ON shops TO app_reader;
ALTER TABLE shops ALTER COLUMN area SET STATISTICS 400;
INSERT INTO shops SELECT i, 'shop ' || i, 1 + i % 200, i FROM generate_series(1, 700) i;
