-- The names of functions that change nothing but what they return: no function of that name is volatile, or it is one of the server's that gives another value each time. Left out
-- are those that tell of the backend itself, since two backends differ.
SELECT proname
FROM pg_catalog.pg_proc
GROUP BY proname
HAVING (bool_and(provolatile <> 'v' AND prokind <> 'p')
        OR (proname IN ('random', 'random_normal', 'clock_timestamp', 'timeofday', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'pg_sleep')
            AND bool_and(pronamespace = 'pg_catalog'::regnamespace)))
   AND proname NOT IN ('pg_backend_pid', 'pg_my_temp_schema', 'current_setting', 'inet_client_port', 'pg_trigger_depth', 'txid_current_if_assigned',
                       'pg_current_xact_id_if_assigned')
