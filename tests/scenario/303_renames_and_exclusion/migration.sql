-- segue: up lanes.span = int4range(meters, meters + 5)
ALTER TABLE lanes ADD COLUMN reach int4range;
ALTER TABLE lanes ADD CONSTRAINT reaches EXCLUDE USING gist (reach WITH &&) WHERE (lanes.meters > 20);
ALTER TABLE lanes RENAME COLUMN reach TO span;
ALTER TABLE lanes RENAME COLUMN course TO track;
ALTER TABLE lanes DROP CONSTRAINT old_lanes;
ALTER TABLE lanes ADD CONSTRAINT old_lanes EXCLUDE USING gist (track WITH &&, span WITH &&);
ALTER TABLE lanes RENAME TO tracks;
