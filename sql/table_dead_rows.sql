-- Dead and live rows of table $1, as the server counts them.
SELECT pg_stat_get_dead_tuples($1::regclass)::float8, pg_stat_get_live_tuples($1::regclass)::float8
