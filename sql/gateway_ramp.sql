-- Sets the share of version $2 (its schema's name, or the migration's) of schema $1 to $3 percent, of the sessions or ($4) of what other sessions only read, and wakes the gateways; whatever its
-- breaker did is forgotten. With no sessions it has no reads either. No row: no such version is live beside the current one.
WITH target AS (
    SELECT schema, new_version AS version
    FROM segue.migrations
    WHERE schema = $1::text AND state = 'active' AND ($2::text IS NULL OR new_version IN ($2::text, $1::text || '_' || $2::text))
    ORDER BY id DESC
    LIMIT 1
),
made AS (
    INSERT INTO segue.ramps (schema, version, share, reads)
    SELECT schema, version, CASE WHEN $4::boolean THEN 0 ELSE $3::float8 END, CASE WHEN $4::boolean THEN $3::float8 ELSE 0 END FROM target
    ON CONFLICT (schema, version) DO UPDATE SET share = CASE WHEN $4::boolean THEN ramps.share ELSE excluded.share END,
                                                reads = CASE WHEN $4::boolean OR excluded.share = 0 THEN excluded.reads ELSE ramps.reads END,
                                                tripped = NULL, breaker = NULL, breaker_at = NULL, pause = NULL, resumes = NULL, resumes_reads = NULL,
                                                set_by = session_user, set_at = clock_timestamp(), turn = DEFAULT
    RETURNING version, turn
)
SELECT version, turn, pg_notify('segue_gateway', 'ramp') FROM made
