-- What rehearsals left behind that were interrupted, as statements: databases, then roles. A rehearsal that goes on holds its number, from
-- whatever database of the server. $1: only of this number, be it held or not; NULL: of all that are not held.
WITH held AS (SELECT lpad(to_hex(l.objid::bigint), 8, '0') AS number FROM pg_locks l
              WHERE l.locktype = 'advisory' AND l.classid = 1936025973 AND l.objsubid = 2),
left_behind AS (
    SELECT 1 AS place, 'database' AS kind, d.datname AS name, format('DROP DATABASE IF EXISTS %I WITH (FORCE)', d.datname) AS statement,
           format('DROP DATABASE IF EXISTS %I', d.datname) AS gently, substr(shobj_description(d.oid, 'pg_database'), 17, 8) AS number, pg_has_role(d.datdba, 'MEMBER') AS ours
    FROM pg_database d
    WHERE d.datname ~ '^segue_rehearsal_[0-9a-f]{8}_' AND shobj_description(d.oid, 'pg_database') LIKE 'segue rehearsal %'
    UNION ALL
    SELECT 2, 'role', r.rolname, format('DROP ROLE IF EXISTS %I', r.rolname), format('DROP ROLE IF EXISTS %I', r.rolname), substr(shobj_description(r.oid, 'pg_authid'), 17, 8), true
    FROM pg_roles r
    WHERE shobj_description(r.oid, 'pg_authid') LIKE 'segue rehearsal %')
SELECT kind, name, statement, gently FROM left_behind
WHERE ours AND CASE WHEN $1::text IS NULL THEN number NOT IN (SELECT h.number FROM held h) ELSE number = $1::text END
ORDER BY place, name
