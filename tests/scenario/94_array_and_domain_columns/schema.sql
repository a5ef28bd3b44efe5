CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE boxes (
    id bigint PRIMARY KEY,
    sides integer[] NOT NULL,
    count positive NOT NULL DEFAULT 1,
    tags text
);
INSERT INTO boxes SELECT i, ARRAY[i, i + 1], i, 'x,y,' || i FROM generate_series(1, 500) i;
