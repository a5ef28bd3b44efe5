CREATE TABLE products (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    price numeric(8, 2) NOT NULL
);
CREATE VIEW cheap WITH (security_barrier) AS SELECT id, name, price FROM products WHERE price < 100 WITH CHECK OPTION;
CREATE VIEW cheap_names AS SELECT name FROM cheap;
CREATE FUNCTION insert_cheap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.products VALUES (NEW.id, NEW.name, NEW.price);
    RETURN NEW;
END $$;
CREATE TRIGGER instead INSTEAD OF INSERT ON cheap FOR EACH ROW EXECUTE FUNCTION insert_cheap();
GRANT SELECT ON cheap TO app_reader;
INSERT INTO products SELECT i, 'p' || i, i FROM generate_series(1, 300) i;
