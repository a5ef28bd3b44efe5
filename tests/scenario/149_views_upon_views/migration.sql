DROP VIEW cheap_names, cheap;
-- segue: up products.cents = (price * 100)::bigint
-- segue: down products.price = cents / 100.0
ALTER TABLE products ADD COLUMN cents bigint NOT NULL, DROP COLUMN price;
CREATE VIEW cheap WITH (security_barrier = true) AS SELECT id, name, cents FROM products WHERE cents < 10000
    WITH LOCAL CHECK OPTION;
CREATE VIEW cheap_names (title) AS WITH products AS (SELECT name FROM public.cheap) SELECT name FROM products;
CREATE OR REPLACE FUNCTION insert_cheap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.products VALUES (NEW.id, NEW.name, NEW.cents);
    RETURN NEW;
END $$;
CREATE TRIGGER instead INSTEAD OF INSERT ON cheap FOR EACH ROW EXECUTE FUNCTION insert_cheap();
ALTER VIEW cheap ALTER COLUMN cents SET DEFAULT 0;
GRANT SELECT ON cheap, cheap_names TO app_reader;
COMMENT ON TRIGGER instead ON cheap IS 'inserts';
