-- A unique key of a partitioned table tells the partition.
ALTER TABLE measured ADD CONSTRAINT one_value UNIQUE (value);
-- expect: unique constraint on partitioned table must include all partitioning columns
-- expect: lacks column "at" which is part of the partition key
-- line: 2
