-- segue: up   visits.began = began AT TIME ZONE 'UTC'
-- segue: down visits.began = began AT TIME ZONE 'UTC'
-- segue: up   visits.ended = ended AT TIME ZONE 'UTC'
-- segue: down visits.ended = ended AT TIME ZONE 'UTC'
ALTER TABLE visits
    ALTER COLUMN began TYPE timestamp without time zone USING began AT TIME ZONE 'UTC',
    ALTER COLUMN ended TYPE timestamp(3) without time zone USING ended AT TIME ZONE 'UTC';
