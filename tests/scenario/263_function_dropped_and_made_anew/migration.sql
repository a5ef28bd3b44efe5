-- A function that returns another type is another function: DROP and CREATE, since OR REPLACE cannot.
-- segue: down shelves.id = id::integer
DROP FUNCTION shelf_in(text, integer);
DROP FUNCTION places_of(integer);
ALTER TABLE shelves ALTER COLUMN id TYPE bigint;
ALTER SEQUENCE shelves_id_seq AS bigint;
CREATE FUNCTION shelf_in(p_room text, p_least integer, OUT shelf bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM shelves WHERE room = p_room AND places >= p_least
$$;
CREATE FUNCTION places_of(p_shelf bigint) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT places FROM shelves WHERE id = p_shelf
$$;
