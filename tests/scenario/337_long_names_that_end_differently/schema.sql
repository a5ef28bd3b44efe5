CREATE TABLE levels (
    id bigint NOT NULL,
    zone_long_name_long_name_long_name_long_name_long_name_long_na1 integer NOT NULL,
    zone_long_name_long_name_long_name_long_name_long_name_long_na2 integer,
    zone_long_name_long_name_long_name_long_name_long_name_long_na3 integer,
    label text,
    PRIMARY KEY (id)
) PARTITION BY HASH (id);
CREATE TABLE levels_0 PARTITION OF levels FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE levels_with_a_long_name_too PARTITION OF levels FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON levels (label, zone_long_name_long_name_long_name_long_name_long_name_long_na1);
CREATE INDEX ON levels (label DESC, zone_long_name_long_name_long_name_long_name_long_name_long_na1);
INSERT INTO levels SELECT i, i, i, i, CASE WHEN i % 3 > 0 THEN 'l' || i END FROM generate_series(1, 200) i;
