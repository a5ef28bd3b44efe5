CREATE TABLE shelves (id serial PRIMARY KEY, room text NOT NULL, places integer NOT NULL DEFAULT 10);
INSERT INTO shelves (room, places) SELECT 'Room ' || n % 7, n % 20 FROM generate_series(1, 150) n;
CREATE FUNCTION shelf_in(p_room text, p_least integer, OUT shelf integer) RETURNS SETOF integer LANGUAGE sql STABLE AS $$
    SELECT id FROM shelves WHERE room = p_room AND places >= p_least
$$;
CREATE FUNCTION places_of(p_shelf integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT places FROM shelves WHERE id = p_shelf
$$;
COMMENT ON FUNCTION places_of(integer) IS 'how many';
