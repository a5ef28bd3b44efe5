-- segue: goal "a hidden post says why, and since when"
-- segue: up posts.hidden_at = CASE WHEN hidden THEN updated_at END
-- segue: down posts.hidden = hidden_at IS NOT NULL
ALTER TABLE posts ADD COLUMN hidden_at timestamp without time zone;
ALTER TABLE posts ADD COLUMN hidden_reason_id integer;
ALTER TABLE posts DROP COLUMN hidden;
ALTER TABLE posts ADD COLUMN version integer DEFAULT 1 NOT NULL;
CREATE INDEX index_posts_on_hidden_at ON posts (hidden_at) WHERE hidden_at IS NOT NULL;
