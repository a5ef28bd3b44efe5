-- segue: up orders.cents = (amount * 100)::bigint
-- segue: down orders.amount = cents / 100.0
ALTER TABLE orders ADD COLUMN cents bigint NOT NULL;
ALTER TABLE orders DROP COLUMN amount;
CREATE OR REPLACE FUNCTION label(o_id bigint) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT id || ': ' || cents FROM orders WHERE id = o_id $$;
CREATE FUNCTION rank_of(cents bigint, step integer DEFAULT 100) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
$body$ BEGIN RETURN cents / step; END; $body$;
ALTER TABLE orders ADD COLUMN rank integer NOT NULL DEFAULT rank_of(500);
COMMENT ON FUNCTION rank_of(bigint, integer) IS 'coarse';
CREATE FUNCTION bound(bigint) RETURNS bigint LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN cents > 0 THEN cents ELSE 0 END FROM orders WHERE id = $1;
END;
DROP FUNCTION unused(text);
