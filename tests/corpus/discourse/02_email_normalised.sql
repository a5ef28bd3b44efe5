-- segue: goal "addresses that differ in dots and tags are found"
-- segue: up user_emails.normalized_email = lower(regexp_replace(email, '\+.*@', '@'))
ALTER TABLE user_emails ADD COLUMN normalized_email character varying;
CREATE INDEX index_user_emails_on_normalized_email ON user_emails (lower((normalized_email)::text));
ALTER TABLE user_emails ALTER COLUMN email TYPE character varying(1024);
-- segue: down user_emails.email = left(email, 513)
ALTER TABLE user_emails ADD CONSTRAINT user_emails_has_at CHECK (strpos(email, '@') > 1) NOT VALID;
