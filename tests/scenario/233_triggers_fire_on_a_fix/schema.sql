CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, changed integer NOT NULL DEFAULT 0);
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed := OLD.changed + 1; RETURN NEW; END $$;
CREATE TRIGGER count_change BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION count_change();
INSERT INTO items SELECT i, 'Item ' || i FROM generate_series(1, 500) AS i;
CREATE TABLE quiet (id integer PRIMARY KEY, note text); -- for traffic whose rows nothing else changes
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
