--: bad
ALTER TABLE orders ALTER COLUMN amount TYPE bigint;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN amount_new bigint;
CREATE FUNCTION orders_amount_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.amount_new := NEW.amount;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_amount_new BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION orders_amount_new();
-- in batches, until no row is left; then the columns change their names
UPDATE orders SET amount_new = amount WHERE id BETWEEN 1 AND 100 AND amount_new IS NULL;
