CREATE TABLE wallets (
    id bigint PRIMARY KEY,
    coins integer NOT NULL,
    holder text NOT NULL DEFAULT 'nobody'
);
CREATE FUNCTION add_coins(wallet bigint, n integer) RETURNS integer LANGUAGE sql SET search_path = public AS
$$ UPDATE wallets SET coins = coins + n WHERE id = wallet RETURNING coins $$;
INSERT INTO wallets SELECT i, i, 'holder ' || i FROM generate_series(1, 500) i;
