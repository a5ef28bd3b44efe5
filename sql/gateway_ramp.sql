-- Sets the share of version $2 (its schema's name, or the migration's) of schema $1 to $3 percent, of the sessions or ($5) of what other sessions only read, and wakes the gateways. With
-- no sessions it has no reads either. $4: why a breaker did it. No row: no such
-- version is live beside the current one.
WITH target AS (
    SELECT schema, new_version AS version
    FROM segue.migrations
    WHERE schema = $1::text AND state = 'active' AND ($2::text IS NULL OR new_version IN ($2::text, $1::text || '_' || $2::text))
    ORDER BY id DESC
    LIMIT 1
),
made AS (
    INSERT INTO segue.ramps (schema, version, share, reads, tripped)
    SELECT schema, version, CASE WHEN $5::boolean THEN 0 ELSE $3::float8 END, CASE WHEN $5::boolean THEN $3::float8 ELSE 0 END, $4::text FROM target
    ON CONFLICT (schema, version) DO UPDATE SET share = CASE WHEN $5::boolean THEN ramps.share ELSE excluded.share END,
                                                reads = CASE WHEN $5::boolean OR excluded.share = 0 THEN excluded.reads ELSE ramps.reads END, tripped = excluded.tripped, set_by = session_user,
                                                set_at = clock_timestamp(), turn = DEFAULT
    RETURNING version, turn
)
SELECT version, turn, pg_notify('segue_gateway', 'ramp') FROM made
