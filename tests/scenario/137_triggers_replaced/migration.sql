DROP TRIGGER big_amounts ON invoices;
-- segue: down invoices.amount = least(amount, 2147483647)::integer
ALTER TABLE invoices ALTER COLUMN amount TYPE bigint;
CREATE TRIGGER big_amounts BEFORE UPDATE OF amount ON public.invoices FOR EACH ROW
    WHEN (NEW.amount > 1000000) EXECUTE FUNCTION count_write();
CREATE OR REPLACE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.audit (invoice, what) VALUES (NEW.id, lower(TG_OP));
    RETURN NULL;
END $$;
CREATE FUNCTION no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE CONSTRAINT TRIGGER checked AFTER UPDATE ON invoices DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.note = '') EXECUTE FUNCTION no_delete();
ALTER TABLE invoices DISABLE TRIGGER count_write;
ALTER TABLE invoices ENABLE ALWAYS TRIGGER audited;
ALTER TRIGGER audited ON invoices RENAME TO "Audited";
COMMENT ON TRIGGER "Audited" ON invoices IS 'for the new books';
