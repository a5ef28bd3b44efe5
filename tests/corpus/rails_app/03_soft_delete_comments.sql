-- AddDiscardedAtToComments
ALTER TABLE comments ADD COLUMN discarded_at timestamp(6) without time zone;
ALTER TABLE comments ADD COLUMN discarded_by_id integer;
ALTER TABLE comments ADD CONSTRAINT fk_rails_4c1f7e0b52 FOREIGN KEY (discarded_by_id) REFERENCES users (id) ON DELETE SET NULL;
DROP INDEX index_comments_on_commentable;
CREATE INDEX index_comments_on_commentable_kept ON comments USING btree (commentable_type, commentable_id) WHERE discarded_at IS NULL;
CREATE INDEX index_comments_on_discarded_by_id ON comments USING btree (discarded_by_id);
