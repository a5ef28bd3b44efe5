ALTER TABLE days ATTACH PARTITION days_null FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 1
-- expect: column "at" in child table must be marked NOT NULL
