-- An identity server in the shape of Keycloak: keys of varchar(36), composite keys, many foreign keys with names that a tool
-- chose, attributes as name and value, times as milliseconds, events partitioned by time, a change log without any key.

CREATE TABLE databasechangelog (
    id character varying(255) NOT NULL,
    author character varying(255) NOT NULL,
    filename character varying(255) NOT NULL,
    dateexecuted timestamp without time zone NOT NULL,
    orderexecuted integer NOT NULL,
    exectype character varying(10) NOT NULL,
    md5sum character varying(35)
);
CREATE TABLE databasechangeloglock (
    id integer NOT NULL CONSTRAINT databasechangeloglock_pkey PRIMARY KEY,
    locked boolean NOT NULL,
    lockgranted timestamp without time zone,
    lockedby character varying(255)
);

CREATE TABLE realm (
    id character varying(36) NOT NULL CONSTRAINT constraint_4a PRIMARY KEY,
    name character varying(255) CONSTRAINT uk_orvsdmla56612eaefiq6wl5oi UNIQUE,
    enabled boolean DEFAULT false NOT NULL,
    access_token_lifespan integer,
    sso_idle_timeout integer,
    password_policy character varying(2550),
    ssl_required character varying(255),
    events_enabled boolean DEFAULT false NOT NULL,
    not_before integer
);
CREATE TABLE realm_attribute (
    name character varying(255) NOT NULL,
    realm_id character varying(36) NOT NULL CONSTRAINT fk_8shxd6l3e9atqukacxgpffptw REFERENCES realm (id),
    value text,
    CONSTRAINT constraint_9 PRIMARY KEY (name, realm_id)
);
CREATE INDEX idx_realm_attr_realm ON realm_attribute (realm_id);
CREATE TABLE realm_events_listeners (
    realm_id character varying(36) NOT NULL CONSTRAINT fk_h846o4h0w8epx5nxev9f5y69j REFERENCES realm (id),
    value character varying(255) NOT NULL,
    CONSTRAINT constr_realm_events_listeners PRIMARY KEY (realm_id, value)
);

CREATE TABLE client (
    id character varying(36) NOT NULL CONSTRAINT constraint_7 PRIMARY KEY,
    enabled boolean DEFAULT false NOT NULL,
    client_id character varying(255),
    not_before integer,
    public_client boolean DEFAULT false NOT NULL,
    secret character varying(255),
    base_url character varying(255),
    protocol character varying(255),
    realm_id character varying(36),
    name character varying(255),
    description character varying(255),
    CONSTRAINT uk_b71cjlbenv945rb6gcon438at UNIQUE (realm_id, client_id)
);
CREATE INDEX idx_client_id ON client (client_id);
CREATE TABLE client_attributes (
    client_id character varying(36) NOT NULL CONSTRAINT fk3c47c64beacca966 REFERENCES client (id),
    name character varying(255) NOT NULL,
    value text,
    CONSTRAINT constraint_3c PRIMARY KEY (client_id, name)
);
CREATE TABLE redirect_uris (
    client_id character varying(36) NOT NULL CONSTRAINT fk_1burs8pb4ouj97h5wuppahv9f REFERENCES client (id),
    value character varying(255) NOT NULL,
    CONSTRAINT constraint_redirect_uris PRIMARY KEY (client_id, value)
);
CREATE TABLE client_scope (
    id character varying(36) NOT NULL CONSTRAINT pk_cli_template PRIMARY KEY,
    name character varying(255),
    realm_id character varying(36),
    description character varying(255),
    protocol character varying(255),
    CONSTRAINT uk_cli_scope UNIQUE (realm_id, name)
);
CREATE TABLE client_scope_client (
    client_id character varying(255) NOT NULL,
    scope_id character varying(255) NOT NULL,
    default_scope boolean DEFAULT false NOT NULL,
    CONSTRAINT c_cli_scope_bind PRIMARY KEY (client_id, scope_id)
);
CREATE INDEX idx_clscope_cl ON client_scope_client (client_id);

CREATE TABLE keycloak_role (
    id character varying(36) NOT NULL CONSTRAINT constraint_a PRIMARY KEY,
    client_realm_constraint character varying(255),
    client_role boolean DEFAULT false NOT NULL,
    description character varying(255),
    name character varying(255),
    realm_id character varying(255),
    client character varying(36),
    CONSTRAINT "UK_J3RWUVD56ONTGSUHOGM184WW2-2" UNIQUE (name, client_realm_constraint)
);
CREATE INDEX idx_keycloak_role_client ON keycloak_role (client);
CREATE TABLE composite_role (
    composite character varying(36) NOT NULL CONSTRAINT fk_a63wvekftu8jo1pnj81e7mce2 REFERENCES keycloak_role (id),
    child_role character varying(36) NOT NULL CONSTRAINT fk_gr7thllb9lu8q4vqa4524jjy8 REFERENCES keycloak_role (id),
    CONSTRAINT constraint_composite_role PRIMARY KEY (composite, child_role)
);

CREATE TABLE user_entity (
    id character varying(36) NOT NULL CONSTRAINT constraint_fb PRIMARY KEY,
    email character varying(255),
    email_constraint character varying(255),
    email_verified boolean DEFAULT false NOT NULL,
    enabled boolean DEFAULT false NOT NULL,
    first_name character varying(255),
    last_name character varying(255),
    realm_id character varying(255),
    username character varying(255),
    created_timestamp bigint,
    not_before integer DEFAULT 0 NOT NULL,
    CONSTRAINT uk_dykn684sl8up1crfei6eckhd7 UNIQUE (realm_id, email_constraint),
    CONSTRAINT uk_ru8tt6t700s9v50bu18ws5ha6 UNIQUE (realm_id, username)
);
CREATE INDEX idx_user_email ON user_entity (email);
CREATE TABLE user_attribute (
    name character varying(255) NOT NULL,
    value character varying(255),
    user_id character varying(36) NOT NULL CONSTRAINT fk_5hrm2vlf9ql5fu043kqepovbr REFERENCES user_entity (id),
    id character varying(36) DEFAULT 'sybase-needs-something-here'::character varying NOT NULL
        CONSTRAINT constraint_user_attribute_pk PRIMARY KEY
);
CREATE INDEX idx_user_attribute ON user_attribute (user_id);
CREATE INDEX idx_user_attribute_name ON user_attribute (name, value);
CREATE TABLE credential (
    id character varying(36) NOT NULL CONSTRAINT constraint_f PRIMARY KEY,
    salt bytea,
    type character varying(255),
    user_id character varying(36) CONSTRAINT fk_pfyr0glasqyl0dei3kl69r6v0 REFERENCES user_entity (id),
    created_date bigint,
    user_label character varying(255),
    secret_data text,
    credential_data text,
    priority integer
);
CREATE INDEX idx_user_credential ON credential (user_id);
CREATE TABLE user_role_mapping (
    role_id character varying(255) NOT NULL,
    user_id character varying(36) NOT NULL CONSTRAINT fk_c4fqv34p1mbylloxang7b1q3l REFERENCES user_entity (id),
    CONSTRAINT constraint_c PRIMARY KEY (role_id, user_id)
);
CREATE INDEX idx_user_role_mapping ON user_role_mapping (user_id);
CREATE TABLE keycloak_group (
    id character varying(36) NOT NULL CONSTRAINT constraint_group PRIMARY KEY,
    name character varying(255),
    parent_group character varying(36) NOT NULL,
    realm_id character varying(36),
    CONSTRAINT sibling_names UNIQUE (realm_id, parent_group, name)
);
CREATE TABLE user_group_membership (
    group_id character varying(36) NOT NULL,
    user_id character varying(36) NOT NULL CONSTRAINT fk_user_group_user REFERENCES user_entity (id),
    CONSTRAINT constraint_user_group PRIMARY KEY (group_id, user_id)
);
CREATE INDEX idx_user_group_mapping ON user_group_membership (user_id);
CREATE TABLE offline_user_session (
    user_session_id character varying(36) NOT NULL,
    user_id character varying(255) NOT NULL,
    realm_id character varying(36) NOT NULL,
    created_on integer NOT NULL,
    offline_flag character varying(4) NOT NULL,
    data text,
    last_session_refresh integer DEFAULT 0 NOT NULL,
    CONSTRAINT constraint_offl_us_ses_pk2 PRIMARY KEY (user_session_id, offline_flag)
);
CREATE INDEX idx_offline_uss_createdon ON offline_user_session (created_on);

CREATE TABLE event_entity (
    id character varying(36) NOT NULL,
    client_id character varying(255),
    details_json character varying(2550),
    error character varying(255),
    ip_address character varying(255),
    realm_id character varying(255),
    session_id character varying(255),
    event_time bigint NOT NULL,
    type character varying(255),
    user_id character varying(255),
    CONSTRAINT event_entity_pk PRIMARY KEY (id, event_time)
) PARTITION BY RANGE (event_time);
CREATE TABLE event_entity_2026_q1 PARTITION OF event_entity FOR VALUES FROM (1767225600000) TO (1775001600000);
CREATE TABLE event_entity_2026_q2 PARTITION OF event_entity FOR VALUES FROM (1775001600000) TO (1782864000000);
CREATE TABLE event_entity_rest PARTITION OF event_entity DEFAULT;
CREATE INDEX idx_event_time ON event_entity (realm_id, event_time);

-- Rows

CREATE FUNCTION uuid_of(kind text, n bigint) RETURNS character varying LANGUAGE sql IMMUTABLE AS $$
    SELECT md5(kind || n)::uuid::text::character varying(36)
$$;
INSERT INTO databasechangelog
    SELECT '1.' || n || '.0', 'team@identity.example', 'META-INF/changelog-1.' || n || '.0.xml', timestamp '2024-01-01', n,
           'EXECUTED', md5(n::text)
    FROM generate_series(1, 60) n;
INSERT INTO databasechangeloglock VALUES (1, false, NULL, NULL);
INSERT INTO realm
    SELECT uuid_of('realm', n), 'realm-' || n, true, 300, 1800, CASE WHEN n % 2 = 0 THEN 'length(8)' END,
           (ARRAY['EXTERNAL', 'NONE', 'ALL'])[1 + n % 3], n % 2 = 0, 0
    FROM generate_series(1, 12) n;
INSERT INTO realm_attribute
    SELECT 'attribute.' || k, uuid_of('realm', n), CASE WHEN k % 4 <> 0 THEN 'value ' || n END
    FROM generate_series(1, 12) n, generate_series(1, 15) k;
INSERT INTO realm_events_listeners SELECT uuid_of('realm', n), 'jboss-logging' FROM generate_series(1, 12) n;
INSERT INTO client
    SELECT uuid_of('client', n), n % 9 <> 0, 'app-' || n, 0, n % 3 = 0, CASE WHEN n % 3 <> 0 THEN md5('secret' || n) END,
           'https://app' || n || '.example', 'openid-connect', uuid_of('realm', 1 + n % 12), 'App ' || n,
           CASE WHEN n % 4 = 0 THEN 'what app ' || n || ' is for' END
    FROM generate_series(1, 150) n;
INSERT INTO client_attributes
    SELECT uuid_of('client', n), 'key.' || k, (n * k)::text FROM generate_series(1, 150) n, generate_series(1, 6) k;
INSERT INTO redirect_uris SELECT uuid_of('client', n), 'https://app' || n || '.example/*' FROM generate_series(1, 150) n;
INSERT INTO client_scope
    SELECT uuid_of('scope', n * 10 + k), (ARRAY['email', 'profile', 'roles', 'phone'])[k], uuid_of('realm', n),
           'built in', 'openid-connect'
    FROM generate_series(1, 12) n, generate_series(1, 4) k;
INSERT INTO client_scope_client
    SELECT uuid_of('client', n), uuid_of('scope', (1 + n % 12) * 10 + k), k < 3 FROM generate_series(1, 150) n, generate_series(1, 4) k;
INSERT INTO keycloak_role
    SELECT uuid_of('role', n), uuid_of('realm', 1 + n % 12), false, CASE WHEN n % 3 = 0 THEN 'role number ' || n END, 'role-' || n,
           uuid_of('realm', 1 + n % 12), NULL
    FROM generate_series(1, 120) n;
INSERT INTO composite_role SELECT uuid_of('role', n), uuid_of('role', n + 60) FROM generate_series(1, 60) n;
INSERT INTO user_entity
    SELECT uuid_of('user', n), 'user' || n || '@identity.example', 'user' || n || '@identity.example', n % 2 = 0, n % 14 <> 0,
           CASE WHEN n % 12 <> 0 THEN (ARRAY['Mia', 'Jan', 'Yuki'])[1 + n % 3] END, 'Surname' || n, uuid_of('realm', 1 + n % 12),
           'user' || n, 1767225600000 + n * 60000, 0
    FROM generate_series(1, 900) n;
INSERT INTO user_attribute (name, value, user_id, id)
    SELECT (ARRAY['phone', 'locale'])[k], CASE k WHEN 1 THEN '+31' || n ELSE 'nl' END, uuid_of('user', n), uuid_of('attribute', n * 2 + k)
    FROM generate_series(1, 900) n, generate_series(1, 2) k;
INSERT INTO credential
    SELECT uuid_of('credential', n), decode(md5(n::text), 'hex'), 'password', uuid_of('user', n), 1767225600000 + n, NULL,
           '{"value":"' || md5(n::text) || '"}', '{"hashIterations":27500}', 10
    FROM generate_series(1, 900) n;
INSERT INTO user_role_mapping SELECT uuid_of('role', 1 + n % 120), uuid_of('user', n) FROM generate_series(1, 900) n;
INSERT INTO keycloak_group SELECT uuid_of('group', n), 'group-' || n, ' ', uuid_of('realm', 1 + n % 12) FROM generate_series(1, 60) n;
INSERT INTO user_group_membership SELECT uuid_of('group', 1 + n % 60), uuid_of('user', n) FROM generate_series(1, 900) n;
INSERT INTO offline_user_session
    SELECT uuid_of('session', n), uuid_of('user', 1 + n % 900), uuid_of('realm', 1 + n % 12), 1767225600 + n, (n % 2)::text,
           '{"ipAddress":"10.1.0.' || n % 250 || '"}', 1767229200 + n
    FROM generate_series(1, 700) n;
INSERT INTO event_entity
    SELECT uuid_of('event', n), 'app-' || 1 + n % 150, '{"username":"user' || n % 900 || '"}',
           CASE WHEN n % 10 = 0 THEN 'invalid_user_credentials' END, '10.2.' || n % 100 || '.7', uuid_of('realm', 1 + n % 12),
           uuid_of('session', n), 1767225600000 + n * 7000000::bigint, CASE WHEN n % 10 = 0 THEN 'LOGIN_ERROR' ELSE 'LOGIN' END,
           uuid_of('user', 1 + n % 900)
    FROM generate_series(1, 1500) n;
