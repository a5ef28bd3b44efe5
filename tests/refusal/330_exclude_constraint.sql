ALTER TABLE users ADD CONSTRAINT one_each EXCLUDE USING btree (nick WITH =);
-- line: 1
-- expect: an EXCLUDE constraint is not something segue can do online yet
