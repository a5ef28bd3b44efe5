-- One of the functions ($1: plain names, text[]) that is the server's own or an extension's, volatile, and not known to stay within the
-- rows and sequences of its database.
SELECT p.proname
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
WHERE p.proname = ANY ($1::text[]) AND p.provolatile = 'v' AND l.lanname IN ('c', 'internal')
  AND p.proname NOT IN ('random', 'random_normal', 'setseed', 'nextval', 'currval', 'lastval', 'clock_timestamp', 'timeofday',
                        'gen_random_uuid', 'uuidv4', 'uuidv7', 'gen_random_bytes', 'gen_salt', 'pg_notify', 'pg_current_xact_id', 'txid_current',
                        'pg_advisory_xact_lock', 'pg_advisory_xact_lock_shared', 'pg_try_advisory_xact_lock',
                        'pg_try_advisory_xact_lock_shared')
  AND p.proname !~ '^uuid_generate_v'
ORDER BY p.proname
LIMIT 1
