--: before
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
--: bad
SET lock_timeout = '100ms';
ALTER TABLE orders DISABLE TRIGGER touch;
--: good
-- for this session alone
SET session_replication_role = replica;
UPDATE orders SET note = 'imported' WHERE id BETWEEN 1 AND 100;
SET session_replication_role = DEFAULT;
