-- segue: copy contents from documents: document = id, body = content where content IS NOT NULL key (document)
-- segue: back documents from contents: content = body
CREATE TABLE contents (
    document integer PRIMARY KEY,
    body text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON contents TO PUBLIC;
COMMENT ON TABLE contents IS 'what stood in documents';
ALTER TABLE documents DROP COLUMN content;
