--: bad
SET lock_timeout = '100ms';
CREATE RULE no_delete AS ON DELETE TO orders DO INSTEAD NOTHING;
--: good
CREATE FUNCTION no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
SET lock_timeout = '100ms';
CREATE TRIGGER no_delete BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION no_delete();
