DO $$ BEGIN PERFORM 1; END $$;
-- line: 1
-- expect: DO
