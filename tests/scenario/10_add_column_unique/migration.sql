-- segue: up members.slug = lower(replace(name, ' ', '-')) || '-' || id
ALTER TABLE members ADD COLUMN slug text NOT NULL UNIQUE;
ALTER TABLE members ADD COLUMN badge integer CONSTRAINT one_badge_each UNIQUE;
