-- segue: down events.at = at AT TIME ZONE 'UTC'
ALTER TABLE events
    ALTER COLUMN at DROP DEFAULT,
    ALTER COLUMN at TYPE timestamptz USING at AT TIME ZONE 'UTC',
    ALTER COLUMN at SET DEFAULT now();
