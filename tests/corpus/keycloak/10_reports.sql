-- segue: goal "who may what, for the auditors"
ALTER TABLE user_entity ALTER COLUMN username TYPE character varying(255) COLLATE "C";
CREATE VIEW user_roles AS
    SELECT u.realm_id, u.username, r.name AS role
    FROM user_entity u JOIN user_role_mapping m ON m.user_id = u.id JOIN keycloak_role r ON r.id = m.role_id;
CREATE MATERIALIZED VIEW logins_by_client AS
    SELECT realm_id, client_id, count(*) AS logins FROM event_entity WHERE type = 'LOGIN' GROUP BY realm_id, client_id;
CREATE STATISTICS user_realm_enabled (mcv) ON realm_id, enabled FROM user_entity;
ALTER TABLE realm ALTER COLUMN name SET STATISTICS 200;
GRANT SELECT ON user_roles TO app_reader;
COMMENT ON VIEW user_roles IS 'roles given to users themselves, not through groups';
