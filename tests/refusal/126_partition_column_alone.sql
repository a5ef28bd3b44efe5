-- The columns of a partition are those of its table.
ALTER TABLE measured_2025 ADD COLUMN extra text;
-- expect: cannot add column "extra" of "measured_2025" alone
-- expect: change the column in "measured"
-- line: 2
