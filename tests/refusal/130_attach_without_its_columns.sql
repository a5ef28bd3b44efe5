-- A table becomes a partition with the columns of its table.
ALTER TABLE measured ATTACH PARTITION moods FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- expect: child table is missing column "at"
-- line: 2
