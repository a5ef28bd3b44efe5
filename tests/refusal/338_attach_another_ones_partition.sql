ALTER TABLE days ATTACH PARTITION measured_2025 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- line: 1
-- expect: "measured_2025" is already a partition
