CREATE TABLE paints (
    id bigint PRIMARY KEY,
    colour real NOT NULL,
    shade text NOT NULL,
    tone integer NOT NULL
);
INSERT INTO paints SELECT i, i / 4.0, (i % 9)::text, i FROM generate_series(1, 300) i;
