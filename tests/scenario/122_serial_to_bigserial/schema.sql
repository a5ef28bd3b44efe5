CREATE TABLE messages (
    id serial PRIMARY KEY,
    reply_to integer REFERENCES messages ON DELETE CASCADE,
    body text
);
CREATE TABLE attachments (
    id smallserial,
    message integer NOT NULL REFERENCES messages,
    name text,
    UNIQUE (id)
);
GRANT SELECT, INSERT ON messages TO app_writer;
GRANT USAGE ON messages_id_seq TO app_writer;
COMMENT ON COLUMN messages.id IS 'the number';
INSERT INTO messages (reply_to, body) SELECT NULLIF(i / 3, 0), 'body ' || i FROM generate_series(1, 900) i;
INSERT INTO attachments (message, name) SELECT 1 + i % 900, 'file ' || i FROM generate_series(1, 600) i;
