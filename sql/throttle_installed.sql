-- Whether the state schema knows of a throttle.
SELECT to_regclass('segue.throttle') IS NOT NULL
