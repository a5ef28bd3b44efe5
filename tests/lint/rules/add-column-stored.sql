--: bad
ALTER TABLE orders ADD COLUMN doubled integer GENERATED ALWAYS AS (amount * 2) STORED;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN doubled integer;
CREATE FUNCTION orders_doubled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.doubled := NEW.amount * 2;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_doubled BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION orders_doubled();
-- in batches, until no row is left
UPDATE orders SET doubled = amount * 2 WHERE id BETWEEN 1 AND 100 AND doubled IS NULL;
