-- ChangeTopicViewsToViewCount, with the view that reads topics made anew
DROP VIEW badge_posts;
ALTER TABLE topics RENAME COLUMN views TO view_count;
ALTER TABLE topics DROP COLUMN fancy_title;
ALTER TABLE topics ALTER COLUMN score TYPE numeric(12, 4);
-- segue: down topics.score = score::double precision
CREATE VIEW badge_posts AS
    SELECT p.id, p.user_id, p.topic_id, p.post_number, p.raw, p.created_at, p.like_count, t.view_count
    FROM posts p JOIN topics t ON t.id = p.topic_id JOIN categories c ON c.id = t.category_id
    WHERE t.visible AND p.deleted_at IS NULL AND t.deleted_at IS NULL AND NOT c.read_restricted AND p.post_type IN (1, 2, 3);
