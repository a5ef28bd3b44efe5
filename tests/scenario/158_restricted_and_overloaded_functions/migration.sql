-- segue: down wallets.balance = least(balance, 2147483647)::integer
ALTER TABLE wallets ALTER COLUMN balance TYPE bigint;
CREATE OR REPLACE FUNCTION worth(bigint) RETURNS integer LANGUAGE sql STABLE AS 'SELECT balance::integer + 1 FROM wallets WHERE id = $1';
CREATE OR REPLACE FUNCTION worth(bigint, integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT balance::integer * $2 + 1 FROM wallets WHERE id = $1';
CREATE OR REPLACE FUNCTION guarded(bigint) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT balance::integer FROM public.wallets WHERE id = $1';
DROP FUNCTION IF EXISTS worth(text);
