ALTER TABLE days ADD CONSTRAINT one_each EXCLUDE USING btree (n WITH =);
-- line: 1
-- expect: exclusion constraint "one_each" is on a partitioned table
-- expect: add it to each partition
