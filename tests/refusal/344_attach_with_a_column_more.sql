ALTER TABLE days ATTACH PARTITION days_more FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 1
-- expect: table "days_more" contains column "more" not found in parent "days"
