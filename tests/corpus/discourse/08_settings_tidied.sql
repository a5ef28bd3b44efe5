-- segue: goal "settings of the old editor are gone, and what is left has a value"
-- segue: phase expand
DELETE FROM site_settings WHERE name LIKE 'setting\_8_';
ALTER TABLE site_settings ALTER COLUMN value SET NOT NULL;
-- segue: up site_settings.value = coalesce(value, '')
-- segue: phase expand
UPDATE tags SET name = lower(name) WHERE name <> lower(name);
ALTER TABLE tags ADD COLUMN target_tag_id integer;
ALTER TABLE tags ADD CONSTRAINT fk_target_tag FOREIGN KEY (target_tag_id) REFERENCES tags (id);
