-- AddParticipantsToTopics, AddViewsDaily
-- segue: up topics.word_count = length(coalesce(excerpt, '')) / 5
ALTER TABLE topics ADD COLUMN word_count integer;
ALTER TABLE topics ADD COLUMN participant_count integer DEFAULT 1;
ALTER TABLE topics ADD COLUMN slow_mode_seconds integer DEFAULT 0 NOT NULL;
CREATE INDEX index_topics_on_pinned_at ON topics (pinned_at) WHERE pinned_at IS NOT NULL;
CREATE TABLE topic_view_stats (
    id bigserial PRIMARY KEY,
    topic_id integer NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    viewed_at date NOT NULL,
    anonymous_views integer DEFAULT 0 NOT NULL,
    logged_in_views integer DEFAULT 0 NOT NULL
);
CREATE UNIQUE INDEX index_topic_view_stats_on_topic_id_and_viewed_at ON topic_view_stats (topic_id, viewed_at);
