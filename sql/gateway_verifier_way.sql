-- How the verifiers of passwords can be read: by the function that an administrator has made (docs/privileges.md), from the catalog, or ('') not at all.
SELECT CASE
           WHEN has_function_privilege(to_regprocedure('segue.gateway_verifier(name)')::oid, 'EXECUTE') THEN 'function'
           WHEN has_column_privilege('pg_catalog.pg_authid', 'rolname', 'SELECT')
                AND has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT') THEN 'catalog'
           ELSE ''
       END
