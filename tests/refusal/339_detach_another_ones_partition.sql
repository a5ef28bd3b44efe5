ALTER TABLE days DETACH PARTITION measured_2025;
-- line: 1
-- expect: relation "measured_2025" is not a partition of relation "days"
