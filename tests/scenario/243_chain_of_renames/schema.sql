CREATE TABLE points (
    id bigint PRIMARY KEY,
    a integer NOT NULL,
    b integer,
    c text,
    d text
);
INSERT INTO points SELECT i, i, i * 2, 'c' || i, 'd' || i FROM generate_series(1, 300) i;
