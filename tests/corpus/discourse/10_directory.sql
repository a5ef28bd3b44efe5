-- segue: goal "the directory counts days visited, and search sees titles"
DROP MATERIALIZED VIEW directory_items;
ALTER TABLE user_stats ADD COLUMN days_visited integer DEFAULT 0 NOT NULL;
ALTER TABLE user_stats ALTER COLUMN time_read TYPE bigint;
-- segue: down user_stats.time_read = least(time_read, 2147483647)
CREATE MATERIALIZED VIEW directory_items AS
    SELECT u.id AS user_id, u.username, s.likes_given, s.likes_received, s.post_count, s.days_visited
    FROM users u JOIN user_stats s ON s.user_id = u.id WHERE u.active;
CREATE UNIQUE INDEX index_directory_items_on_user_id ON directory_items (user_id);
CREATE OR REPLACE FUNCTION search_words_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO post_search_data (post_id, search_data, raw_data, locale, version)
    VALUES (NEW.id, to_tsvector('english', NEW.raw), NEW.raw, coalesce(NEW.locale, 'en'), 5)
    ON CONFLICT (post_id) DO UPDATE SET search_data = EXCLUDED.search_data, raw_data = EXCLUDED.raw_data, version = 5;
    RETURN NULL;
END $$;
CREATE UNIQUE INDEX index_users_on_username_lower ON users (username_lower);
CREATE INDEX idx_search_post_locale ON post_search_data (locale) WHERE locale <> 'en';
