CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE TABLE shirts (
    id bigint PRIMARY KEY,
    size size NOT NULL DEFAULT 'm',
    price integer
);
CREATE FUNCTION is_large(size) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text = 'l' $$;
INSERT INTO shirts SELECT i, (ARRAY['s', 'm', 'l'])[1 + i % 3]::size, i FROM generate_series(1, 300) i;
