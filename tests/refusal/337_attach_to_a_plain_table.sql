ALTER TABLE labels ATTACH PARTITION teams FOR VALUES FROM (1) TO (10);
-- line: 1
-- expect: table "labels" is not partitioned
