-- What rows already there get is what ADD COLUMN itself says, whatever becomes of the default later.
ALTER TABLE parcels ADD COLUMN height integer NOT NULL DEFAULT 0, ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE parcels ALTER COLUMN height DROP DEFAULT, ALTER COLUMN note DROP DEFAULT;
ALTER TABLE parcels ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE parcels ALTER COLUMN token DROP DEFAULT;
ALTER TABLE parcels ADD COLUMN carrier text NOT NULL DEFAULT 'unknown';
ALTER TABLE parcels ALTER COLUMN carrier SET DEFAULT 'post';
ALTER TABLE parcels ADD COLUMN colour text;
ALTER TABLE parcels ALTER COLUMN colour SET DEFAULT 'brown';
ALTER TABLE parcels ADD COLUMN tries smallint DEFAULT 1;
ALTER TABLE parcels ALTER COLUMN tries DROP DEFAULT;
