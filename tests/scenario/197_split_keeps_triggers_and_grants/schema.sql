CREATE TABLE documents (
    id integer PRIMARY KEY,
    title text,
    content text,
    touched integer NOT NULL DEFAULT 0
);
CREATE FUNCTION touch_document() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION touch_document();
GRANT SELECT, INSERT, UPDATE, DELETE ON documents TO PUBLIC;
INSERT INTO documents SELECT g, 'T' || g, repeat('x', g) FROM generate_series(1, 250) AS g;
