CREATE TABLE addresses (
    id serial PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
    number bigint GENERATED ALWAYS AS IDENTITY,
    street text NOT NULL DEFAULT '',
    kind text CHECK (kind IN ('home', 'work')),
    UNIQUE (customer_id, kind)
);
COMMENT ON TABLE addresses IS 'where a customer lives';
COMMENT ON COLUMN addresses.kind IS 'home or work';
CREATE INDEX ON addresses (street);
CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value jsonb) WITH (fillfactor = 70);
