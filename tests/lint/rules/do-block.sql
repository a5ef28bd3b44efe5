--: bad
DO $$ BEGIN ALTER TABLE orders ADD COLUMN country text; END $$;
--: good
SET lock_timeout = '100ms';
ALTER TABLE orders ADD COLUMN country text;
