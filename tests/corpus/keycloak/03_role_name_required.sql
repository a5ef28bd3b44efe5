-- segue: goal "no role and no client without a name"
-- segue: up keycloak_role.name = coalesce(name, 'role-' || id)
-- segue: up client.client_id = coalesce(client_id, id)
ALTER TABLE keycloak_role ALTER COLUMN name SET NOT NULL;
ALTER TABLE client ALTER COLUMN client_id SET NOT NULL;
ALTER TABLE composite_role DROP CONSTRAINT fk_gr7thllb9lu8q4vqa4524jjy8;
ALTER TABLE composite_role ADD CONSTRAINT fk_gr7thllb9lu8q4vqa4524jjy8 FOREIGN KEY (child_role) REFERENCES keycloak_role (id) ON DELETE CASCADE;
CREATE INDEX idx_composite_child ON composite_role (child_role);
ALTER TABLE client ADD CONSTRAINT fk_client_realm FOREIGN KEY (realm_id) REFERENCES realm (id);
