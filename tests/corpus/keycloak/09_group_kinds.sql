-- 26.0.0: organisations are groups of another kind
ALTER TABLE keycloak_group ADD COLUMN type integer DEFAULT 0 NOT NULL;
ALTER TABLE keycloak_group ADD COLUMN description character varying(255);
ALTER TABLE keycloak_group DROP CONSTRAINT sibling_names;
ALTER TABLE keycloak_group ADD CONSTRAINT sibling_names UNIQUE (realm_id, parent_group, name, type);
CREATE TABLE org (
    id character varying(255) NOT NULL CONSTRAINT "ORG_pkey" PRIMARY KEY,
    enabled boolean NOT NULL,
    realm_id character varying(36) NOT NULL,
    group_id character varying(36) NOT NULL CONSTRAINT uk_org_group UNIQUE REFERENCES keycloak_group (id),
    name character varying(255) NOT NULL,
    alias character varying(255) NOT NULL,
    CONSTRAINT uk_org_name UNIQUE (realm_id, name)
);
ALTER TABLE user_group_membership ADD COLUMN membership_type character varying(255) DEFAULT 'UNMANAGED' NOT NULL;
ALTER TABLE user_group_membership ALTER COLUMN membership_type DROP DEFAULT;
