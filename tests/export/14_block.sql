-- segue: phase expand
DO $$ BEGIN PERFORM 1; END $$;
-- expect: whether DO has been run cannot be told
