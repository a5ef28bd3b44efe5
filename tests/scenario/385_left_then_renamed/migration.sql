-- What goes stands above a rename: where it was left at first, it has the later names when it goes after all.
-- segue: up towns.long_name = name || ', ' || code
-- segue: down towns.code = substr(long_name, strpos(long_name, ', ') + 2)
ALTER TABLE towns ADD COLUMN long_name text;
ALTER TABLE towns DROP CONSTRAINT towns_height_check;
ALTER TABLE towns DROP COLUMN code;
ALTER TABLE towns ADD UNIQUE (name, id);
CREATE INDEX ON towns (height);
ALTER TABLE towns RENAME COLUMN name TO short_name;
ALTER TABLE towns RENAME COLUMN height TO metres;
ALTER TABLE towns RENAME TO places;
DROP TRIGGER share_changes ON shares;
ALTER TABLE shares RENAME TO parts;
ALTER TABLE events DETACH PARTITION events_2025;
ALTER DOMAIN percent DROP CONSTRAINT percent_high;
ALTER DOMAIN percent RENAME TO at_least_nothing;
