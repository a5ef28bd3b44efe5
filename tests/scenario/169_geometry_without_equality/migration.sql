-- segue: up   places.spot = ARRAY[spot[0], spot[1]]
-- segue: down places.spot = point(spot[1], spot[2])
ALTER TABLE places ALTER COLUMN spot DROP DEFAULT,
    ALTER COLUMN spot TYPE double precision[] USING ARRAY[spot[0], spot[1]],
    ALTER COLUMN spot SET DEFAULT '{0,0}';
-- segue: up   places.at = point(lon, lat)
-- segue: down places.lat = at[1]
-- segue: down places.lon = at[0]
ALTER TABLE places ADD COLUMN at point NOT NULL;
ALTER TABLE places DROP COLUMN lat, DROP COLUMN lon;
-- segue: down places.area = area::box
ALTER TABLE places ALTER COLUMN area TYPE polygon USING area::polygon;
