CREATE TABLE meters (
    id bigint PRIMARY KEY,
    reading integer NOT NULL,
    unit text NOT NULL DEFAULT 'kWh',
    changes integer NOT NULL DEFAULT 0
);
INSERT INTO meters SELECT i, i, 'kWh' FROM generate_series(1, 400) i;
CREATE FUNCTION meter_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changes := OLD.changes + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER meter_changed BEFORE UPDATE OF reading, unit ON meters FOR EACH ROW
    WHEN (OLD.reading IS DISTINCT FROM NEW.reading) EXECUTE FUNCTION meter_changed();
-- The trigger counts what traffic would write: it goes to this table.
CREATE TABLE quiet (id integer PRIMARY KEY, note text);
INSERT INTO quiet SELECT i, 'n' FROM generate_series(1, 100) AS i;
