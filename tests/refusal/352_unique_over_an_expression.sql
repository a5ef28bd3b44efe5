ALTER TABLE by_digit ADD UNIQUE (n);
-- line: 1
-- expect: unsupported UNIQUE constraint with partition key definition
-- expect: an index on the partition
