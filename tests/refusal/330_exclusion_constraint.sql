ALTER TABLE teams ADD CONSTRAINT one_name EXCLUDE USING btree (name WITH =);
-- line: 1
-- expect: an EXCLUDE constraint is not something segue can do online yet
