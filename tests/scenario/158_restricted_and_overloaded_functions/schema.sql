CREATE TABLE wallets (
    id bigint PRIMARY KEY,
    balance integer NOT NULL
);
CREATE FUNCTION worth(bigint) RETURNS integer LANGUAGE sql STABLE AS 'SELECT balance FROM wallets WHERE id = $1';
CREATE FUNCTION worth(bigint, integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT balance * $2 FROM wallets WHERE id = $1';
CREATE FUNCTION guarded(bigint) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT balance FROM public.wallets WHERE id = $1';
REVOKE EXECUTE ON FUNCTION worth(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION worth(bigint) TO app_reader;
REVOKE EXECUTE ON FUNCTION guarded(bigint) FROM PUBLIC;
GRANT SELECT ON wallets TO app_reader, app_writer;
INSERT INTO wallets SELECT i, i FROM generate_series(1, 300) i;
