-- segue: phase expand
ALTER TYPE hotlinked_media_status ADD VALUE 'upload_create_failed';
ALTER TABLE post_hotlinked_media ALTER COLUMN url TYPE text;
ALTER TABLE post_hotlinked_media ADD COLUMN tries smallint DEFAULT 0 NOT NULL;
CREATE UNIQUE INDEX index_post_hotlinked_media_on_post_id_and_url_md5 ON post_hotlinked_media (post_id, md5((url)::text));
