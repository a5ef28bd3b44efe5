-- segue: goal "the columns of a binding are as wide as the keys they hold, and point to the client"
-- segue: up client_scope_client.client_id = left(client_id, 36)
-- segue: up client_scope_client.scope_id = left(scope_id, 36)
ALTER TABLE client_scope_client ALTER COLUMN client_id TYPE character varying(36);
ALTER TABLE client_scope_client ALTER COLUMN scope_id TYPE character varying(36);
ALTER TABLE client_scope_client ADD CONSTRAINT fk_c_cli_scope_client FOREIGN KEY (client_id) REFERENCES client (id);
