-- 21.0.2: ADD SERVICE_ACCOUNT_CLIENT_LINK, and an index for the admin console's search
ALTER TABLE user_entity ADD COLUMN federation_link character varying(255), ADD COLUMN service_account_client_link character varying(255);
CREATE INDEX idx_user_service_account ON user_entity (realm_id, service_account_client_link);
ALTER TABLE credential ALTER COLUMN user_label TYPE character varying(1024);
-- segue: down credential.user_label = left(user_label, 255)
ALTER TABLE client ADD COLUMN always_display_in_console boolean DEFAULT false NOT NULL;
ALTER TABLE client ADD COLUMN client_authenticator_type character varying(255);
-- segue: existing client.client_authenticator_type = 'client-secret'
