-- segue: up addresses.zip = trim(zip)
-- segue: down addresses.zip = left(zip, 10)
ALTER TABLE addresses ALTER COLUMN zip TYPE text;
DROP STATISTICS zip_country;
-- segue: up addresses.land = upper(country)
-- segue: down addresses.country = lower(land)
ALTER TABLE addresses ADD COLUMN land text NOT NULL, DROP COLUMN country;
CREATE STATISTICS city_land (ndistinct) ON city, land, (lower(city)) FROM public.addresses;
COMMENT ON STATISTICS city_land IS 'cities of a land';
ALTER STATISTICS city_land SET STATISTICS 200;
