CREATE TABLE all_days (at date NOT NULL, n integer NOT NULL) PARTITION BY RANGE (at);
ALTER TABLE all_days ATTACH PARTITION days_more FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 2
-- expect: table "days_more" contains column "more" not found in parent "all_days"
