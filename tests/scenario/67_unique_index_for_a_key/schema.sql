CREATE TABLE sessions (
    token text NOT NULL,
    data text
);
CREATE UNIQUE INDEX sessions_token ON sessions (token);
INSERT INTO sessions SELECT md5(i::text), 'data ' || i FROM generate_series(1, 2000) i;
