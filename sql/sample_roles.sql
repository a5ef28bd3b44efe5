-- Roles that are not the server's own: the statement that makes one, its name, and whether something in this database is granted to it or
-- tells who may see rows.
SELECT format('CREATE ROLE %I', r.rolname) AS statement, r.rolname,
       EXISTS (SELECT FROM pg_shdepend d
               WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype IN ('a', 'r')
                 AND d.dbid = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())) AS needed
FROM pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY r.rolname
