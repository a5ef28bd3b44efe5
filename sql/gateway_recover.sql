-- Version $2 of schema $1, which was tried again, does well: it has the share that it had. The pause is kept, for when it soon is left again.
WITH recovered AS (
    UPDATE segue.ramps
    SET share = resumes, reads = resumes_reads, tripped = NULL, breaker = NULL, breaker_at = clock_timestamp(), resumes = NULL, resumes_reads = NULL, turn = DEFAULT
    WHERE schema = $1::text AND version = $2::text AND breaker = 'half-open'
    RETURNING version
)
SELECT pg_notify('segue_gateway', 'ramp') FROM recovered
