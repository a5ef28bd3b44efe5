-- expect: missing "THEN"
-- line: 4
-- segue: phase contract
DO $$ BEGIN
    IF (SELECT count(*) FROM users) > 3 THAN
        COMMENT ON TABLE users IS 'many';
    END IF;
END $$;
ALTER TABLE users ADD COLUMN note text;
