-- How to make maintenance yield on those of relations $1 (text[]) that are about to be locked strongly in modes $2 (text[],
-- parallel): the LOCK statements (NULL when there are none), the lock_timeout for them and the one to go back to, both in
-- milliseconds. Tables that belong to another role are left out: LOCK would be refused.
-- What locks a table locks its partitions and children.
WITH RECURSIVE family AS (
    SELECT to_regclass(u.relation)::oid AS relation, u.position
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (relation, mode, position)
    WHERE u.mode IN ('SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE')
    UNION
    SELECT i.inhrelid, f.position
    FROM family f JOIN pg_inherits i ON i.inhparent = f.relation
)
SELECT string_agg(format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', c.oid::regclass), '; ' ORDER BY w.position, c.oid),
       (SELECT setting::integer + 500 FROM pg_settings WHERE name = 'deadlock_timeout'),
       (SELECT setting::integer FROM pg_settings WHERE name = 'lock_timeout')
FROM (SELECT relation, min(position) AS position FROM family GROUP BY 1) AS w
JOIN pg_class c ON c.oid = w.relation
WHERE c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'USAGE')
