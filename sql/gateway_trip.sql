-- A breaker takes all sessions from version $2 of schema $1, because of $3, unless one did so already. After $4 seconds it may be tried again (0: never by
-- itself); where it was tried again in vain, or not long ago, after twice as long as the last time.
WITH tripped AS (
    UPDATE segue.ramps
    SET share = 0, reads = 0, tripped = $3::text, breaker = 'open', breaker_at = clock_timestamp(),
        resumes = CASE WHEN breaker = 'half-open' THEN resumes ELSE share END,
        resumes_reads = CASE WHEN breaker = 'half-open' THEN resumes_reads ELSE reads END,
        pause = CASE WHEN breaker = 'half-open' OR breaker_at > clock_timestamp() - make_interval(secs => 10 * pause)
                     THEN least(2 * pause, 3600) ELSE $4::float8 END,
        set_by = session_user, set_at = clock_timestamp(), turn = DEFAULT
    WHERE schema = $1::text AND version = $2::text AND breaker IS DISTINCT FROM 'open' AND (share > 0 OR reads > 0)
    RETURNING version
)
SELECT pg_notify('segue_gateway', 'ramp') FROM tripped
