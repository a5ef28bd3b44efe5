ALTER TABLE users ADD COLUMN x text;
DO $$ BEGIN PERFORM 1; END $$;
-- line: 2
-- expect: segue cannot tell when DO is to run
-- expect: -- segue: phase contract
