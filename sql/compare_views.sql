-- What version $1 shows, as far as the session's search path finds it: its views, the table that each shows, and how.
SELECT c.relname, t.shown, pg_get_viewdef(c.oid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_rewrite r ON r.ev_class = c.oid
CROSS JOIN LATERAL (
    SELECT min(d.refobjid::bigint) AS shown, count(DISTINCT d.refobjid) AS tables
    FROM pg_depend d
    WHERE d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
) t
WHERE n.nspname = $1::text AND c.relkind = 'v' AND t.tables = 1 AND pg_table_is_visible(c.oid)
ORDER BY t.shown, c.relname
