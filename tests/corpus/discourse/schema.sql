-- A forum in the shape of Discourse: topics and posts, counters kept in rows, search vectors in tables of their own, partial
-- and expression indexes, a materialized directory, views, functions and triggers that guard renamed columns.

CREATE TYPE hotlinked_media_status AS ENUM ('downloaded', 'too_large', 'download_failed');

CREATE TABLE users (
    id serial PRIMARY KEY,
    username character varying(60) NOT NULL,
    username_lower character varying(60) NOT NULL,
    name character varying(255),
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    active boolean DEFAULT false NOT NULL,
    admin boolean DEFAULT false NOT NULL,
    moderator boolean DEFAULT false NOT NULL,
    trust_level integer NOT NULL,
    title character varying(255),
    suspended_at timestamp without time zone,
    suspended_till timestamp without time zone,
    views integer DEFAULT 0 NOT NULL,
    ip_address inet,
    locale character varying(10)
);
CREATE UNIQUE INDEX index_users_on_username_lower ON users (username_lower);
CREATE UNIQUE INDEX index_users_on_username ON users (username);
CREATE INDEX idx_users_admin ON users (id) WHERE admin;
CREATE TABLE user_emails (
    id serial PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users (id),
    email character varying(513) NOT NULL,
    "primary" boolean DEFAULT false NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
CREATE UNIQUE INDEX index_user_emails_on_email ON user_emails (lower((email)::text));
CREATE UNIQUE INDEX index_user_emails_on_user_id_and_primary ON user_emails (user_id, "primary") WHERE "primary";
CREATE TABLE user_stats (
    user_id integer NOT NULL PRIMARY KEY,
    topics_entered integer DEFAULT 0 NOT NULL,
    time_read integer DEFAULT 0 NOT NULL,
    likes_given integer DEFAULT 0 NOT NULL,
    likes_received integer DEFAULT 0 NOT NULL,
    post_count integer DEFAULT 0 NOT NULL,
    bounce_score double precision DEFAULT 0 NOT NULL
);
CREATE TABLE user_options (
    user_id integer NOT NULL PRIMARY KEY,
    mailing_list_mode boolean DEFAULT false NOT NULL,
    email_digests boolean,
    digest_after_minutes integer,
    theme_ids integer[] DEFAULT '{}' NOT NULL,
    timezone character varying
);
CREATE TABLE categories (
    id serial PRIMARY KEY,
    name character varying(50) NOT NULL,
    color character varying(6) DEFAULT '0088CC' NOT NULL,
    slug character varying(255) NOT NULL,
    parent_category_id integer,
    user_id integer NOT NULL,
    topic_count integer DEFAULT 0 NOT NULL,
    read_restricted boolean DEFAULT false NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL
);
CREATE UNIQUE INDEX unique_index_categories_on_slug ON categories (COALESCE(parent_category_id, '-1'::integer), slug)
    WHERE slug::text <> '';
CREATE TABLE topics (
    id serial PRIMARY KEY,
    title character varying NOT NULL,
    fancy_title character varying,
    last_posted_at timestamp without time zone,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    views integer DEFAULT 0 NOT NULL,
    posts_count integer DEFAULT 0 NOT NULL,
    like_count integer DEFAULT 0 NOT NULL,
    user_id integer,
    category_id integer,
    archetype character varying DEFAULT 'regular' NOT NULL,
    closed boolean DEFAULT false NOT NULL,
    visible boolean DEFAULT true NOT NULL,
    pinned_at timestamp without time zone,
    bumped_at timestamp without time zone NOT NULL,
    deleted_at timestamp without time zone,
    deleted_by_id integer,
    slug character varying,
    score double precision,
    excerpt character varying,
    CONSTRAINT has_category_id CHECK (category_id IS NOT NULL OR archetype <> 'regular'),
    CONSTRAINT pm_has_no_category CHECK (category_id IS NULL OR archetype <> 'private_message')
);
CREATE INDEX idx_topics_front_page ON topics (deleted_at, visible, archetype, category_id, id);
CREATE INDEX index_topics_on_bumped_at ON topics (bumped_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX index_topics_on_lower_title ON topics (lower((title)::text));
CREATE TABLE posts (
    id serial PRIMARY KEY,
    user_id integer,
    topic_id integer NOT NULL,
    post_number integer NOT NULL,
    raw text NOT NULL,
    cooked text NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL,
    reply_to_post_number integer,
    reply_count integer DEFAULT 0 NOT NULL,
    like_count integer DEFAULT 0 NOT NULL,
    deleted_at timestamp without time zone,
    post_type integer DEFAULT 1 NOT NULL,
    hidden boolean DEFAULT false NOT NULL,
    locale character varying(20),
    image_url character varying
);
CREATE UNIQUE INDEX index_posts_on_topic_id_and_post_number ON posts (topic_id, post_number);
CREATE INDEX idx_posts_user_id_deleted_at ON posts (user_id) WHERE deleted_at IS NULL;
CREATE INDEX idx_posts_created_at_topic_id ON posts (created_at, topic_id) WHERE deleted_at IS NULL;
CREATE TABLE post_actions (
    id serial PRIMARY KEY,
    post_id integer NOT NULL,
    user_id integer NOT NULL,
    post_action_type_id integer NOT NULL,
    deleted_at timestamp without time zone,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL
);
CREATE UNIQUE INDEX idx_unique_actions ON post_actions (user_id, post_action_type_id, post_id) WHERE deleted_at IS NULL;
CREATE INDEX index_post_actions_on_post_id ON post_actions (post_id);
CREATE TABLE post_search_data (
    post_id integer NOT NULL CONSTRAINT posts_search_pkey PRIMARY KEY,
    search_data tsvector,
    raw_data text,
    locale character varying,
    version integer DEFAULT 0
);
CREATE INDEX idx_search_post ON post_search_data USING gin (search_data);
CREATE TABLE topic_users (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    topic_id integer NOT NULL,
    posted boolean DEFAULT false NOT NULL,
    last_read_post_number integer,
    notification_level integer DEFAULT 1 NOT NULL,
    last_visited_at timestamp without time zone
);
CREATE UNIQUE INDEX index_topic_users_on_topic_id_and_user_id ON topic_users (topic_id, user_id);
CREATE TABLE tags (
    id serial PRIMARY KEY,
    name character varying NOT NULL,
    topic_count integer DEFAULT 0 NOT NULL,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL
);
CREATE UNIQUE INDEX index_tags_on_lower_name ON tags (lower((name)::text));
CREATE TABLE topic_tags (
    id serial PRIMARY KEY,
    topic_id integer NOT NULL,
    tag_id integer NOT NULL,
    created_at timestamp without time zone NOT NULL
);
CREATE UNIQUE INDEX index_topic_tags_on_topic_id_and_tag_id ON topic_tags (topic_id, tag_id);
CREATE TABLE badges (
    id serial PRIMARY KEY,
    name character varying NOT NULL,
    description text,
    grant_count integer DEFAULT 0 NOT NULL,
    multiple_grant boolean DEFAULT false NOT NULL
);
CREATE UNIQUE INDEX index_badges_on_name ON badges (name);
CREATE TABLE user_badges (
    id serial PRIMARY KEY,
    badge_id integer NOT NULL,
    user_id integer NOT NULL,
    granted_at timestamp without time zone NOT NULL,
    post_id integer,
    seq integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_user_badges_on_badge_id_and_user_id_and_seq ON user_badges (badge_id, user_id, seq);
CREATE TABLE notifications (
    id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
    notification_type integer NOT NULL,
    user_id integer NOT NULL,
    data character varying(1000) NOT NULL,
    read boolean DEFAULT false NOT NULL,
    created_at timestamp without time zone NOT NULL,
    topic_id integer,
    post_number integer,
    high_priority boolean DEFAULT false NOT NULL
);
CREATE INDEX index_notifications_unread ON notifications (user_id, id DESC) WHERE NOT read;
CREATE TABLE uploads (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    original_filename character varying NOT NULL,
    filesize integer NOT NULL,
    width integer,
    height integer,
    url character varying NOT NULL,
    sha1 character varying(40),
    extension character varying(10),
    created_at timestamp without time zone NOT NULL
);
CREATE UNIQUE INDEX index_uploads_on_sha1 ON uploads (sha1);
CREATE TABLE post_hotlinked_media (
    id bigserial PRIMARY KEY,
    post_id bigint NOT NULL,
    url character varying NOT NULL,
    status hotlinked_media_status NOT NULL,
    upload_id bigint,
    created_at timestamp(6) without time zone NOT NULL
);
CREATE TABLE site_settings (
    id serial PRIMARY KEY,
    name character varying NOT NULL,
    data_type integer NOT NULL,
    value text,
    created_at timestamp without time zone NOT NULL,
    updated_at timestamp without time zone NOT NULL
);
CREATE UNIQUE INDEX index_site_settings_on_name ON site_settings (name);

-- Rows

INSERT INTO users (username, username_lower, name, created_at, updated_at, active, admin, moderator, trust_level, title,
                   suspended_till, views, ip_address, locale)
    SELECT 'Member' || n, 'member' || n, CASE WHEN n % 6 <> 0 THEN 'Given' || n || ' Family' || n % 50 END,
           timestamp '2020-01-01' + n * interval '8 hours', timestamp '2026-01-01', n % 10 <> 0, n <= 3, n <= 8, n % 5,
           CASE WHEN n % 40 = 0 THEN 'veteran' END, CASE WHEN n % 70 = 0 THEN timestamp '2030-01-01' END, n % 1000,
           ('192.0.2.' || n % 250)::inet, CASE WHEN n % 3 = 0 THEN 'de' END
    FROM generate_series(1, 500) n;
INSERT INTO user_emails (user_id, email, "primary", created_at, updated_at)
    SELECT n, 'Member' || n || '@forum.example', true, timestamp '2020-01-01', timestamp '2020-01-01' FROM generate_series(1, 500) n
    UNION ALL
    SELECT n, 'other' || n || '@forum.example', false, timestamp '2021-01-01', timestamp '2021-01-01' FROM generate_series(1, 500, 7) n;
INSERT INTO user_stats (user_id, topics_entered, time_read, likes_given, likes_received, post_count)
    SELECT n, n % 300, n * 31, n % 40, n % 60, n % 25 FROM generate_series(1, 500) n;
INSERT INTO user_options (user_id, email_digests, digest_after_minutes, theme_ids, timezone)
    SELECT n, n % 2 = 0, CASE WHEN n % 2 = 0 THEN 1440 * (1 + n % 7) END, ARRAY[n % 3], CASE WHEN n % 4 = 0 THEN 'Europe/Berlin' END
    FROM generate_series(1, 500) n;
INSERT INTO categories (name, slug, parent_category_id, user_id, topic_count, created_at, updated_at)
    SELECT 'Category ' || n, 'category-' || n, CASE WHEN n > 8 THEN 1 + n % 8 END, 1, n * 3, timestamp '2020-01-01', timestamp '2020-01-01'
    FROM generate_series(1, 24) n;
INSERT INTO topics (title, fancy_title, last_posted_at, created_at, updated_at, views, posts_count, like_count, user_id, category_id,
                    archetype, closed, visible, pinned_at, bumped_at, deleted_at, slug, score, excerpt)
    SELECT 'How to do thing number ' || n, 'How to do thing №' || n, timestamp '2025-02-01' + n * interval '5 hours',
           timestamp '2025-01-01' + n * interval '5 hours', timestamp '2025-02-01' + n * interval '5 hours', n * 7 % 3000, 3, n % 20,
           1 + n % 500, CASE WHEN n % 9 <> 0 THEN 1 + n % 24 END, CASE WHEN n % 9 = 0 THEN 'private_message' ELSE 'regular' END,
           n % 30 = 0, n % 25 <> 0, CASE WHEN n % 100 = 0 THEN timestamp '2025-02-02' END,
           timestamp '2025-02-01' + n * interval '5 hours', CASE WHEN n % 33 = 0 THEN timestamp '2025-12-01' END,
           'how-to-do-thing-number-' || n, n / 7.0, CASE WHEN n % 2 = 0 THEN 'One needs ' || n END
    FROM generate_series(1, 600) n;
INSERT INTO posts (user_id, topic_id, post_number, raw, cooked, created_at, updated_at, reply_to_post_number, like_count, deleted_at, locale)
    SELECT CASE WHEN (t + p) % 50 <> 0 THEN 1 + (t * p) % 500 END, t, p, 'Words of post ' || t * 3 + p, '<p>Words of post ' || t * 3 + p || '</p>',
           timestamp '2025-01-01' + t * interval '5 hours' + p * interval '1 hour', timestamp '2025-01-02' + t * interval '5 hours',
           CASE WHEN p > 1 THEN 1 END, (t * p) % 12, CASE WHEN (t * p) % 41 = 0 THEN timestamp '2025-12-01' END,
           CASE WHEN t % 5 = 0 THEN 'de' END
    FROM generate_series(1, 600) t, generate_series(1, 3) p;
INSERT INTO post_actions (post_id, user_id, post_action_type_id, created_at, updated_at)
    SELECT 1 + n % 1800, 1 + n % 499, 2, timestamp '2025-06-01' + n * interval '1 minute', timestamp '2025-06-01' + n * interval '1 minute'
    FROM generate_series(1, 900) n;
INSERT INTO post_search_data (post_id, search_data, raw_data, locale, version)
    SELECT id, to_tsvector('english', raw), raw, 'en', 4 FROM posts;
INSERT INTO topic_users (user_id, topic_id, posted, last_read_post_number, last_visited_at)
    SELECT DISTINCT ON (u, t) u, t, u % 4 = 0, 1 + u % 3, timestamp '2025-11-01'
    FROM (SELECT 1 + n % 500 AS u, 1 + n * 7 % 600 AS t FROM generate_series(1, 1200) n) AS visits;
INSERT INTO tags (name, topic_count, created_at, updated_at)
    SELECT 'Tag-' || n, n % 9, timestamp '2022-01-01', timestamp '2022-01-01' FROM generate_series(1, 40) n;
INSERT INTO topic_tags (topic_id, tag_id, created_at) SELECT n, 1 + n % 40, timestamp '2025-03-01' FROM generate_series(1, 600) n;
INSERT INTO badges (name, description, multiple_grant)
    SELECT 'Badge ' || n, 'for doing it ' || n || ' times', n % 2 = 0 FROM generate_series(1, 30) n;
INSERT INTO user_badges (badge_id, user_id, granted_at, post_id)
    SELECT 1 + n % 30, 1 + n % 500, timestamp '2025-04-01' + n * interval '1 minute', CASE WHEN n % 3 = 0 THEN n END
    FROM generate_series(1, 700) n;
INSERT INTO notifications (notification_type, user_id, data, read, created_at, topic_id, post_number, high_priority)
    SELECT 1 + n % 12, 1 + n % 500, '{"display_username":"Member' || n || '"}', n % 3 = 0, timestamp '2025-10-01' + n * interval '1 minute',
           1 + n % 600, 1 + n % 3, n % 15 = 0
    FROM generate_series(1, 1200) n;
INSERT INTO uploads (user_id, original_filename, filesize, width, height, url, sha1, extension, created_at)
    SELECT 1 + n % 500, 'photo' || n || '.jpg', n * 900, 640, 480, '/uploads/' || n || '.jpg', md5('upload' || n), 'jpg', timestamp '2025-05-01'
    FROM generate_series(1, 300) n;
INSERT INTO post_hotlinked_media (post_id, url, status, upload_id, created_at)
    SELECT 1 + n % 1800, 'https://elsewhere.example/' || n || '.jpg',
           (ARRAY['downloaded', 'too_large', 'download_failed'])[1 + n % 3]::hotlinked_media_status,
           CASE WHEN n % 3 = 0 THEN 1 + n % 300 END, timestamp '2025-05-01'
    FROM generate_series(1, 250) n;
INSERT INTO site_settings (name, data_type, value, created_at, updated_at)
    SELECT 'setting_' || n, 1 + n % 6, CASE WHEN n % 5 <> 0 THEN n::text END, timestamp '2024-01-01', timestamp '2024-01-01'
    FROM generate_series(1, 90) n;

-- Views, functions, triggers

CREATE VIEW badge_posts AS
    SELECT p.id, p.user_id, p.topic_id, p.post_number, p.raw, p.created_at, p.like_count
    FROM posts p JOIN topics t ON t.id = p.topic_id JOIN categories c ON c.id = t.category_id
    WHERE t.visible AND p.deleted_at IS NULL AND t.deleted_at IS NULL AND NOT c.read_restricted AND p.post_type IN (1, 2, 3);

CREATE MATERIALIZED VIEW directory_items AS
    SELECT u.id AS user_id, u.username, s.likes_given, s.likes_received, s.post_count
    FROM users u JOIN user_stats s ON s.user_id = u.id WHERE u.active;
CREATE UNIQUE INDEX index_directory_items_on_user_id ON directory_items (user_id);

CREATE FUNCTION search_words_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO post_search_data (post_id, search_data, raw_data, locale, version)
    VALUES (NEW.id, to_tsvector('english', NEW.raw), NEW.raw, coalesce(NEW.locale, 'en'), 4)
    ON CONFLICT (post_id) DO UPDATE SET search_data = EXCLUDED.search_data, raw_data = EXCLUDED.raw_data;
    RETURN NULL;
END $$;
CREATE TRIGGER search_words AFTER INSERT OR UPDATE OF raw ON posts FOR EACH ROW EXECUTE FUNCTION search_words_of_post();

CREATE FUNCTION lower_username() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.username_lower := lower(NEW.username);
    RETURN NEW;
END $$;
CREATE TRIGGER lower_username BEFORE INSERT OR UPDATE OF username ON users FOR EACH ROW EXECUTE FUNCTION lower_username();
