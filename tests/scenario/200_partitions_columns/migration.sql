-- segue: up events.price = cents / 100.0
-- segue: down events.cents = round(price * 100)::integer
ALTER TABLE events ADD COLUMN price numeric(12, 2) NOT NULL, DROP COLUMN cents;
-- segue: up events.who = ARRAY[who]
-- segue: down events.who = coalesce(who[1], '')
ALTER TABLE events ALTER COLUMN who TYPE text[] USING ARRAY[who];
ALTER TABLE events RENAME COLUMN note TO remark;
ALTER TABLE events DROP COLUMN gone;
ALTER TABLE events ADD COLUMN source text DEFAULT 'web';
COMMENT ON COLUMN events.price IS 'in full';
