-- Holds the number of a rehearsal for as long as the session lives.
SELECT pg_try_advisory_lock(1936025973, $1::integer)
