CREATE TABLE visits (
    id bigint NOT NULL,
    region text NOT NULL,
    a integer,
    b integer,
    PRIMARY KEY (id, region)
) PARTITION BY LIST (region);
CREATE TABLE visits_north PARTITION OF visits FOR VALUES IN ('n');
CREATE TABLE visits_south PARTITION OF visits FOR VALUES IN ('s') PARTITION BY HASH (id);
CREATE TABLE visits_south_0 PARTITION OF visits_south FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE visits_south_1 PARTITION OF visits_south FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX visits_a ON visits (a);
CREATE INDEX visits_b ON visits (b);
INSERT INTO visits SELECT i, CASE i % 3 WHEN 0 THEN 'n' ELSE 's' END, i % 7, i FROM generate_series(1, 90) i;
ALTER TABLE visits ADD CONSTRAINT visits_named UNIQUE (region, id, b);
