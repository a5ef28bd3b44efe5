-- Version $2 of schema $1 is tried again with few sessions, if its pause is over.
WITH probed AS (
    UPDATE segue.ramps
    SET share = least(resumes, 1), reads = least(resumes_reads, 1), breaker = 'half-open', breaker_at = clock_timestamp(), turn = DEFAULT
    WHERE schema = $1::text AND version = $2::text AND breaker = 'open' AND pause > 0
      AND breaker_at <= clock_timestamp() - make_interval(secs => pause)
    RETURNING version
)
SELECT pg_notify('segue_gateway', 'ramp') FROM probed
