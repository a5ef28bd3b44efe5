ALTER TABLE days_plain ADD CONSTRAINT positive CHECK (n > 1);
ALTER TABLE days ATTACH PARTITION days_plain FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 2
-- expect: child table "days_plain" has different definition for check constraint "positive"
