CREATE TABLE orders (
    id bigint PRIMARY KEY,
    amount numeric(10, 2) NOT NULL,
    state text NOT NULL DEFAULT 'open'
);
CREATE FUNCTION label(o_id bigint) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT id || ': ' || amount FROM orders WHERE id = o_id $$;
CREATE FUNCTION unused(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper($1) $$;
INSERT INTO orders SELECT i, i * 1.5 FROM generate_series(1, 500) i;
