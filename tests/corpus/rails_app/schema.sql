-- A tracker for teams as a Rails application leaves it behind: keys of the old releases are integer, those of later ones
-- bigint; timestamps without a zone; polymorphic associations; statuses as strings; jsonb settings; indexes with
-- conditions; one database for many tenants, kept apart by row security; an audit log partitioned by month.

CREATE TABLE schema_migrations (version character varying NOT NULL PRIMARY KEY);
CREATE TABLE ar_internal_metadata (
    key character varying NOT NULL PRIMARY KEY,
    value character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);

CREATE TABLE accounts (
    id serial PRIMARY KEY,
    name character varying NOT NULL,
    subdomain character varying NOT NULL,
    plan character varying DEFAULT 'free' NOT NULL,
    settings json DEFAULT '{}' NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE UNIQUE INDEX index_accounts_on_subdomain ON accounts USING btree (subdomain);

CREATE TABLE users (
    id serial PRIMARY KEY,
    email character varying DEFAULT '' NOT NULL,
    encrypted_password character varying DEFAULT '' NOT NULL,
    name character varying,
    reset_password_token character varying,
    reset_password_sent_at timestamp without time zone,
    sign_in_count integer DEFAULT 0 NOT NULL,
    current_sign_in_at timestamp without time zone,
    last_sign_in_ip character varying,
    locale character varying(5) DEFAULT 'en' NOT NULL,
    preferences jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE UNIQUE INDEX index_users_on_email ON users USING btree (email);
CREATE UNIQUE INDEX index_users_on_reset_password_token ON users USING btree (reset_password_token)
    WHERE reset_password_token IS NOT NULL;

CREATE TABLE memberships (
    id bigserial PRIMARY KEY,
    account_id integer NOT NULL CONSTRAINT fk_rails_1f55a2e0b1 REFERENCES accounts (id),
    user_id integer NOT NULL CONSTRAINT fk_rails_99326fb65d REFERENCES users (id),
    role character varying DEFAULT 'member' NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE UNIQUE INDEX index_memberships_on_account_id_and_user_id ON memberships USING btree (account_id, user_id);
CREATE INDEX index_memberships_on_user_id ON memberships USING btree (user_id);

CREATE TABLE projects (
    id serial PRIMARY KEY,
    account_id integer NOT NULL CONSTRAINT fk_rails_b4884d7210 REFERENCES accounts (id),
    name character varying NOT NULL,
    slug character varying NOT NULL,
    description text,
    archived boolean DEFAULT false NOT NULL,
    issues_count integer DEFAULT 0 NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE UNIQUE INDEX index_projects_on_account_id_and_slug ON projects USING btree (account_id, slug) WHERE NOT archived;

CREATE TABLE issues (
    id serial PRIMARY KEY,
    account_id integer NOT NULL CONSTRAINT fk_rails_4a7b0c9f2e REFERENCES accounts (id),
    project_id integer NOT NULL CONSTRAINT fk_rails_899c8f3231 REFERENCES projects (id),
    author_id integer NOT NULL CONSTRAINT fk_rails_9b2e0c7d11 REFERENCES users (id),
    assignee_id integer CONSTRAINT fk_rails_5e3d1c8a77 REFERENCES users (id) ON DELETE SET NULL,
    title character varying(200) NOT NULL,
    body text,
    status character varying DEFAULT 'open' NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    labels character varying[] DEFAULT '{}' NOT NULL,
    lock_version integer DEFAULT 0 NOT NULL,
    due_on date,
    closed_at timestamp(6) without time zone,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE INDEX index_issues_on_project_id ON issues USING btree (project_id);
CREATE INDEX index_issues_on_account_id_and_status ON issues USING btree (account_id, status);
CREATE INDEX index_issues_on_assignee_id_open ON issues USING btree (assignee_id) WHERE closed_at IS NULL;
CREATE INDEX index_issues_on_labels ON issues USING gin (labels);

CREATE TABLE comments (
    id bigserial PRIMARY KEY,
    commentable_type character varying NOT NULL,
    commentable_id bigint NOT NULL,
    user_id integer CONSTRAINT fk_rails_03de2dc08c REFERENCES users (id),
    body text NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE INDEX index_comments_on_commentable ON comments USING btree (commentable_type, commentable_id);

CREATE TABLE tags (
    id serial PRIMARY KEY,
    name character varying,
    taggings_count integer DEFAULT 0,
    created_at timestamp without time zone,
    updated_at timestamp without time zone
);
CREATE UNIQUE INDEX index_tags_on_name ON tags USING btree (name);

CREATE TABLE taggings (
    id serial PRIMARY KEY,
    tag_id integer CONSTRAINT fk_rails_9fcd2e236b REFERENCES tags (id),
    taggable_type character varying,
    taggable_id integer,
    tagger_type character varying,
    tagger_id integer,
    context character varying(128),
    created_at timestamp without time zone
);
CREATE UNIQUE INDEX taggings_idx ON taggings
    USING btree (tag_id, taggable_id, taggable_type, context, tagger_id, tagger_type);

CREATE TABLE active_storage_blobs (
    id bigserial PRIMARY KEY,
    key character varying NOT NULL,
    filename character varying NOT NULL,
    content_type character varying,
    metadata text,
    service_name character varying NOT NULL,
    byte_size bigint NOT NULL,
    checksum character varying,
    created_at timestamp(6) without time zone NOT NULL
);
CREATE UNIQUE INDEX index_active_storage_blobs_on_key ON active_storage_blobs USING btree (key);

CREATE TABLE active_storage_attachments (
    id bigserial PRIMARY KEY,
    name character varying NOT NULL,
    record_type character varying NOT NULL,
    record_id bigint NOT NULL,
    blob_id bigint NOT NULL CONSTRAINT fk_rails_c3b3935057 REFERENCES active_storage_blobs (id),
    created_at timestamp(6) without time zone NOT NULL
);
CREATE INDEX index_active_storage_attachments_on_blob_id ON active_storage_attachments USING btree (blob_id);
CREATE UNIQUE INDEX index_active_storage_attachments_uniqueness ON active_storage_attachments
    USING btree (record_type, record_id, name, blob_id);

CREATE TABLE versions (
    id bigserial PRIMARY KEY,
    item_type character varying NOT NULL,
    item_id bigint NOT NULL,
    event character varying NOT NULL,
    whodunnit character varying,
    object json,
    created_at timestamp(6) without time zone
);
CREATE INDEX index_versions_on_item_type_and_item_id ON versions USING btree (item_type, item_id);

CREATE TABLE webhooks (
    id bigserial PRIMARY KEY,
    account_id integer NOT NULL CONSTRAINT fk_rails_2d0c4b7d60 REFERENCES accounts (id) ON DELETE CASCADE,
    url character varying NOT NULL,
    events character varying DEFAULT 'issue.created,issue.closed' NOT NULL,
    secret character varying,
    failures integer DEFAULT 0 NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);

CREATE TABLE invoices (
    id bigserial PRIMARY KEY,
    account_id integer NOT NULL CONSTRAINT fk_rails_6e8d3a2b90 REFERENCES accounts (id),
    number character varying NOT NULL,
    amount_cents integer DEFAULT 0 NOT NULL,
    state integer DEFAULT 0 NOT NULL,
    billing_name character varying,
    billing_street character varying,
    billing_city character varying,
    billing_zip character varying,
    issued_on date NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE UNIQUE INDEX index_invoices_on_number ON invoices USING btree (number);
CREATE INDEX index_invoices_on_account_id ON invoices USING btree (account_id);

CREATE TABLE audit_events (
    id bigserial,
    account_id integer NOT NULL,
    action character varying NOT NULL,
    details jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE audit_events_2025_12 PARTITION OF audit_events FOR VALUES FROM ('2025-12-01') TO ('2026-01-01');
CREATE TABLE audit_events_2026_01 PARTITION OF audit_events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE audit_events_2026_02 PARTITION OF audit_events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT;
CREATE INDEX index_audit_events_on_account_id ON audit_events USING btree (account_id);

-- Rows

INSERT INTO schema_migrations SELECT '2015' || lpad(n::text, 10, '0') FROM generate_series(1, 120) n;
INSERT INTO ar_internal_metadata VALUES ('environment', 'production', '2019-01-01', '2019-01-01');
INSERT INTO accounts (name, subdomain, plan, settings, created_at, updated_at)
    SELECT 'Team ' || n, 'team-' || n, (ARRAY['free', 'pro', 'enterprise'])[1 + n % 3],
           json_build_object('theme', CASE WHEN n % 2 = 0 THEN 'dark' ELSE 'light' END, 'seats', n),
           timestamp '2020-01-01' + n * interval '1 day', timestamp '2026-01-01'
    FROM generate_series(1, 60) n;
INSERT INTO users (email, encrypted_password, name, reset_password_token, sign_in_count, current_sign_in_at,
                   last_sign_in_ip, locale, preferences, created_at, updated_at)
    SELECT 'user' || n || '@team.example', md5(n::text),
           CASE WHEN n % 13 <> 0 THEN (ARRAY['Ada', 'Bob', 'Chloé', 'Dmitri'])[1 + n % 4] || ' Person' || n END,
           CASE WHEN n % 25 = 0 THEN md5('token' || n) END, n % 90,
           CASE WHEN n % 5 <> 0 THEN timestamp '2026-01-01' + n * interval '1 hour' END,
           CASE WHEN n % 4 <> 0 THEN '10.0.' || n % 200 || '.' || n % 250 END,
           (ARRAY['en', 'de', 'pt-BR'])[1 + n % 3], jsonb_build_object('digest', n % 2 = 0),
           timestamp '2021-01-01' + n * interval '7 hours', timestamp '2026-01-01' + n * interval '1 minute'
    FROM generate_series(1, 600) n;
INSERT INTO memberships (account_id, user_id, role, created_at, updated_at)
    SELECT DISTINCT 1 + (n * k) % 60, n, CASE WHEN n % 17 = 0 THEN 'admin' ELSE 'member' END,
           timestamp '2022-01-01', timestamp '2022-01-01'
    FROM generate_series(1, 600) n, generate_series(1, 2) k;
INSERT INTO projects (account_id, name, slug, description, archived, issues_count, created_at, updated_at)
    SELECT 1 + n % 60, 'Project ' || n, 'project-' || n, CASE WHEN n % 3 = 0 THEN repeat('About it. ', n % 20) END,
           n % 8 = 0, n % 30, timestamp '2022-03-01' + n * interval '5 hours', timestamp '2026-01-01'
    FROM generate_series(1, 240) n;
INSERT INTO issues (account_id, project_id, author_id, assignee_id, title, body, status, priority, labels, due_on,
                    closed_at, created_at, updated_at)
    SELECT p.account_id, p.id, 1 + n % 600, CASE WHEN n % 4 <> 0 THEN 1 + n * 3 % 600 END, 'Issue ' || n,
           CASE WHEN n % 6 <> 0 THEN 'It happens when ' || n || ' is pressed.' END,
           (ARRAY['open', 'in progress', 'done', 'wontfix'])[1 + n % 4], n % 4,
           CASE WHEN n % 5 = 0 THEN ARRAY['bug', 'ui'] ELSE ARRAY[]::varchar[] END,
           CASE WHEN n % 7 = 0 THEN date '2026-02-01' + n % 60 END,
           CASE WHEN n % 4 >= 2 THEN timestamp '2026-01-20' + n * interval '1 minute' END,
           timestamp '2025-06-01' + n * interval '3 hours', timestamp '2026-01-20' + n * interval '1 minute'
    FROM generate_series(1, 1500) n JOIN projects p ON p.id = 1 + n % 240;
INSERT INTO comments (commentable_type, commentable_id, user_id, body, created_at, updated_at)
    SELECT CASE WHEN n % 5 = 0 THEN 'Project' ELSE 'Issue' END, 1 + n % 240, 1 + n % 600, 'Comment ' || n,
           timestamp '2026-01-02' + n * interval '1 minute', timestamp '2026-01-02' + n * interval '1 minute'
    FROM generate_series(1, 1200) n;
INSERT INTO tags (name, taggings_count, created_at, updated_at)
    SELECT 'tag-' || n, n % 10, timestamp '2023-01-01', timestamp '2023-01-01' FROM generate_series(1, 50) n;
INSERT INTO taggings (tag_id, taggable_type, taggable_id, context, created_at)
    SELECT 1 + n % 50, 'Issue', n, 'tags', timestamp '2023-01-01' FROM generate_series(1, 500) n;
INSERT INTO active_storage_blobs (key, filename, content_type, metadata, service_name, byte_size, checksum, created_at)
    SELECT md5('blob' || n), 'file' || n || '.png', 'image/png', '{"identified":true}', 'local', n * 1024, md5(n::text),
           timestamp '2025-01-01' + n * interval '1 hour'
    FROM generate_series(1, 300) n;
INSERT INTO active_storage_attachments (name, record_type, record_id, blob_id, created_at)
    SELECT 'files', 'Issue', n, n, timestamp '2025-01-01' FROM generate_series(1, 300) n;
INSERT INTO versions (item_type, item_id, event, whodunnit, object, created_at)
    SELECT 'Issue', 1 + n % 1500, CASE WHEN n % 3 = 0 THEN 'create' ELSE 'update' END, (1 + n % 600)::text,
           CASE WHEN n % 3 <> 0 THEN json_build_object('title', 'Issue ' || n, 'priority', n % 4) END,
           timestamp '2025-08-01' + n * interval '11 minutes'
    FROM generate_series(1, 1500) n;
INSERT INTO webhooks (account_id, url, secret, created_at, updated_at)
    SELECT 1 + n % 60, 'https://hooks.example/' || n, md5(n::text), timestamp '2025-01-01', timestamp '2025-01-01'
    FROM generate_series(1, 80) n;
INSERT INTO invoices (account_id, number, amount_cents, state, billing_name, billing_street, billing_city, billing_zip,
                      issued_on, created_at, updated_at)
    SELECT 1 + n % 60, 'R' || lpad(n::text, 6, '0'), n * 990 % 100000, n % 3, 'Team ' || 1 + n % 60, n || ' Long Street',
           'City ' || n % 30, lpad((n * 31 % 99999)::text, 5, '0'), date '2024-01-01' + n, timestamp '2024-01-01',
           timestamp '2024-01-01'
    FROM generate_series(1, 700) n;
INSERT INTO audit_events (account_id, action, details, created_at)
    SELECT 1 + n % 60, (ARRAY['login', 'issue.closed', 'member.added'])[1 + n % 3], jsonb_build_object('n', n),
           timestamp '2026-01-01' + n * interval '2 hours'
    FROM generate_series(1, 900) n;
INSERT INTO audit_events (account_id, action, created_at)
    SELECT 1 + n % 60, 'imported', timestamp '2025-12-01' + n * interval '3 hours' FROM generate_series(1, 200) n;

-- Tenants are kept apart by the server

ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE issues ENABLE ROW LEVEL SECURITY;
CREATE POLICY projects_of_tenant ON projects
    USING (account_id = nullif(current_setting('app.account_id', true), '')::integer);
CREATE POLICY issues_of_tenant ON issues
    USING (account_id = nullif(current_setting('app.account_id', true), '')::integer)
    WITH CHECK (account_id = nullif(current_setting('app.account_id', true), '')::integer);
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app_writer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app_writer;

CREATE VIEW open_issues AS
    SELECT i.id, i.account_id, p.name AS project, i.title, i.priority, u.email AS assignee
    FROM issues i JOIN projects p ON p.id = i.project_id LEFT JOIN users u ON u.id = i.assignee_id
    WHERE i.closed_at IS NULL;

CREATE FUNCTION count_issues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE projects SET issues_count = issues_count + 1 WHERE id = NEW.project_id;
    ELSE
        UPDATE projects SET issues_count = issues_count - 1 WHERE id = OLD.project_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_issues AFTER INSERT OR DELETE ON issues FOR EACH ROW EXECUTE FUNCTION count_issues();
