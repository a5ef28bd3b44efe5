-- segue: goal "one field for a person's name"
-- segue: up user_entity.display_name = coalesce(nullif(concat_ws(' ', first_name, last_name), ''), username, id)
-- segue: down user_entity.first_name = left(split_part(display_name, ' ', 1), 255)
-- segue: down user_entity.last_name = left(substr(display_name, strpos(display_name, ' ') + 1), 255)
ALTER TABLE user_entity ADD COLUMN display_name character varying(511) NOT NULL;
ALTER TABLE user_entity DROP COLUMN first_name, DROP COLUMN last_name;
CREATE INDEX idx_user_display_name ON user_entity (realm_id, display_name varchar_pattern_ops);
