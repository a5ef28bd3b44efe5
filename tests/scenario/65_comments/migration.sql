COMMENT ON TABLE facts IS 'what is known; don''t guess';
COMMENT ON COLUMN facts.body IS E'two\nlines';
COMMENT ON COLUMN facts.old_note IS NULL;
COMMENT ON INDEX facts_body IS 'for search';
COMMENT ON CONSTRAINT body_not_empty ON facts IS 'emptiness is no fact';
