-- segue: up tasks.slug = lower(replace(title, ' ', '-'))
-- segue: down tasks.title = upper(replace(slug, '-', ' '))
ALTER TABLE tasks ADD COLUMN slug text NOT NULL, DROP COLUMN title;
