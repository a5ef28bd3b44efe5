--: bad
CREATE TABLE documents (id bigint PRIMARY KEY, body json);
SELECT DISTINCT body FROM documents;
--: good
CREATE TABLE documents (id bigint PRIMARY KEY, body jsonb);
SELECT DISTINCT body FROM documents;
