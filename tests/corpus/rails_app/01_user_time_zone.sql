-- AddTimeZoneToUsers, AddIndexToUsersOnLowerEmail
-- segue: existing users.time_zone = 'Etc/UTC'
ALTER TABLE users ADD COLUMN time_zone character varying;
ALTER TABLE users ADD COLUMN failed_attempts integer DEFAULT 0 NOT NULL;
ALTER TABLE users ADD COLUMN locked_at timestamp(6) without time zone;
CREATE INDEX index_users_on_lower_email ON users USING btree (lower((email)::text));
CREATE INDEX index_users_on_preferences ON users USING gin (preferences jsonb_path_ops);
ALTER TABLE users ALTER COLUMN locale TYPE character varying(10);
-- segue: down users.locale = left(locale, 5)
