-- Whether the state schema is there. Asks the catalog, so that a role without rights on the tables gets an answer too.
SELECT EXISTS (SELECT 1
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'segue' AND c.relname = 'version_users')
