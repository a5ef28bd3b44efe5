CREATE TABLE catalogue (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    attributes jsonb NOT NULL DEFAULT '{}',
    price integer NOT NULL,
    during tstzrange
);
INSERT INTO catalogue SELECT i, 'Item ' || i, ARRAY['t' || i % 5], jsonb_build_object('n', i), i,
    tstzrange('2025-01-01', '2025-02-01') FROM generate_series(1, 800) i;
