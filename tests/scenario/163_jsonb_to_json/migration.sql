-- segue: down events.payload = payload::jsonb
ALTER TABLE events ALTER COLUMN payload TYPE json;
-- segue: down events.extra = extra::text::json
ALTER TABLE events ALTER COLUMN extra TYPE text;
