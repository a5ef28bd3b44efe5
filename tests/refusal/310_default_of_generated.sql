-- expect: its default cannot be changed
ALTER TABLE sums ALTER COLUMN total SET DEFAULT 1;
