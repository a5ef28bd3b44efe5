-- A gateway says that it is at work, and on which turn of the ramps. Those that have not spoken for a minute are forgotten.
WITH gone AS (DELETE FROM segue.gateways WHERE seen_at < clock_timestamp() - interval '1 minute')
INSERT INTO segue.gateways (id, place, application, sessions, turn)
VALUES ($1::text, $2::text, current_setting('application_name'), $3::json, $4::bigint)
ON CONFLICT (id) DO UPDATE SET place = excluded.place, sessions = excluded.sessions, turn = excluded.turn, seen_at = clock_timestamp()
