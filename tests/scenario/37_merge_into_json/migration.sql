-- segue: up parcels.size = jsonb_build_object('w', width, 'h', height, 'd', depth)
-- segue: down parcels.width = (size ->> 'w')::integer
-- segue: down parcels.height = (size ->> 'h')::integer
-- segue: down parcels.depth = (size ->> 'd')::integer
ALTER TABLE parcels ADD COLUMN size jsonb NOT NULL;
ALTER TABLE parcels DROP COLUMN width;
ALTER TABLE parcels DROP COLUMN height;
ALTER TABLE parcels DROP COLUMN depth;
