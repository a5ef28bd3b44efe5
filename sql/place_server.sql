-- The server on which a rehearsal shall make its databases, and what the role may do there.
SELECT split_part(current_setting('server_version'), ' ', 1) AS version, (SELECT c.system_identifier FROM pg_control_system() c) AS system,
       current_database() AS database, current_user AS "user", r.rolsuper, r.rolcreatedb OR r.rolsuper AS creates_databases,
       r.rolcreaterole OR r.rolsuper AS creates_roles, pg_is_in_recovery() AS standby
FROM pg_roles r WHERE r.rolname = current_user
