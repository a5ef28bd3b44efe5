CREATE TABLE measured_2027 PARTITION OF measured FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
ALTER TABLE measured RENAME TO readings;
-- line: 1
-- expect: table "measured" is renamed below the statement that makes a partition of it
-- expect: write ALTER TABLE measured RENAME TO readings above it
