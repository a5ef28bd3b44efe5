-- What keeps both shapes of migration $1's rows in step: a fingerprint of the triggers on its tables, of the functions that its plan names
-- and of those that these rest on; and which of the triggers are switched off. xmin tells a row of the catalog that was changed,
-- be it changed back.
WITH compared AS (
    SELECT to_regclass(format('%I.%I', t ->> 'schema', t ->> 'name')) AS relation
    FROM segue.migrations m, json_array_elements(m.plan -> 'tables') AS t
    WHERE m.id = $1::bigint AND t ->> 'agree' IS NOT NULL
), triggers AS (
    SELECT t.oid, t.xmin, t.tgenabled, t.tgname, t.tgrelid
    FROM pg_trigger t
    JOIN compared c ON c.relation = t.tgrelid
    JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'segue'
), own AS (
    SELECT p.oid
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, segue.migrations m
    WHERE n.nspname = 'segue' AND m.id = $1::bigint AND position(p.proname IN m.plan::text) > 0
), functions AS (
    SELECT p.oid, p.xmin
    FROM pg_proc p
    WHERE p.oid IN (SELECT oid FROM own)
       OR p.oid IN (SELECT d.refobjid
                    FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_proc'::regclass
                      AND d.objid IN (SELECT oid FROM own))
)
SELECT md5(concat_ws(';',
                     (SELECT string_agg(concat_ws(',', oid, xmin, tgenabled), ' ' ORDER BY oid) FROM triggers),
                     (SELECT string_agg(concat_ws(',', oid, xmin), ' ' ORDER BY oid) FROM functions))),
       (SELECT string_agg(format('%I on %s', tgname, tgrelid::regclass), ', ' ORDER BY tgname)
        FROM triggers WHERE tgenabled NOT IN ('O', 'A'))
