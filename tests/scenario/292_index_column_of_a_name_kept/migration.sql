-- The index is made anew for one of its columns, which gets the name that the other one had when it was built.
-- segue: down parcels.owner = unit::integer
ALTER TABLE parcels ALTER COLUMN owner TYPE bigint;
ALTER TABLE parcels RENAME COLUMN unit TO zone;
ALTER TABLE parcels RENAME COLUMN owner TO unit;
