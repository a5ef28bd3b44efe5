CREATE TABLE leads (
    id bigint PRIMARY KEY,
    email text NOT NULL,
    source text NOT NULL
);
INSERT INTO leads SELECT i, 'l' || i || '@example.com', 'web' FROM generate_series(1, 500) i;
