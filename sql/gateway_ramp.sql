-- Sets the share of version $2 (its schema's name, or the migration's) of schema $1 to $3 percent, and wakes the gateways. $4: why a breaker did it. NULL: no such
-- version is live beside the current one.
WITH target AS (
    SELECT schema, new_version AS version
    FROM segue.migrations
    WHERE schema = $1::text AND state = 'active' AND ($2::text IS NULL OR new_version IN ($2::text, $1::text || '_' || $2::text))
    ORDER BY id DESC
    LIMIT 1
),
made AS (
    INSERT INTO segue.ramps (schema, version, share, tripped)
    SELECT schema, version, $3::float8, $4::text FROM target
    ON CONFLICT (schema, version) DO UPDATE SET share = excluded.share, tripped = excluded.tripped, set_by = session_user,
                                                set_at = clock_timestamp(), turn = DEFAULT
    RETURNING version, turn
)
SELECT version, turn, pg_notify('segue_gateway', 'ramp') FROM made
