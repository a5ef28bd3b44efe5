ALTER TABLE days ATTACH PARTITION days_big FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 1
-- expect: child table "days_big" has different type for column "n"
