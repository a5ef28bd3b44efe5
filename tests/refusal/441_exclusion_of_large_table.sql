ALTER TABLE large ADD CONSTRAINT one_each EXCLUDE USING btree (mark WITH =);
-- line: 1
-- expect: ADD CONSTRAINT … EXCLUDE builds an index of table "large" while nobody can read or write it
-- expect: up to 8 MB it is done
-- expect: -- segue: allow table-rewrite because
