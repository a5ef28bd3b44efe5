CREATE TABLE tickets (
    id serial PRIMARY KEY,
    subject text NOT NULL
);
CREATE TABLE replies (
    id bigint PRIMARY KEY,
    ticket integer NOT NULL,
    body text,
    CONSTRAINT reply_to FOREIGN KEY (ticket) REFERENCES tickets ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX ON replies (ticket);
INSERT INTO tickets (subject) SELECT 'subject ' || i FROM generate_series(1, 700) i;
INSERT INTO replies SELECT i, 1 + i % 700, 'body ' || i FROM generate_series(1, 1800) i;
