--: before
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
--: bad
BEGIN;
CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
COMMIT;
--: good
-- no form takes a weaker lock: it is held for an instant, and asked for with patience
SET lock_timeout = '100ms';
-- segue: allow create-trigger because "a short lock_timeout, and the tool tries again"
CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
