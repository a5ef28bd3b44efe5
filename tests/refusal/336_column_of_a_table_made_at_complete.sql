CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE days_2026 RENAME COLUMN n TO number;
-- line: 2
-- expect: table "days_2026" is made at complete: its columns cannot be changed as well
