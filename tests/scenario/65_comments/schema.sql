CREATE TABLE facts (
    id bigint PRIMARY KEY,
    body text NOT NULL CONSTRAINT body_not_empty CHECK (body <> ''),
    old_note text
);
CREATE INDEX facts_body ON facts (body);
COMMENT ON TABLE facts IS 'before';
COMMENT ON COLUMN facts.old_note IS 'goes away';
INSERT INTO facts SELECT i, 'body ' || i, 'x' FROM generate_series(1, 300) i;
