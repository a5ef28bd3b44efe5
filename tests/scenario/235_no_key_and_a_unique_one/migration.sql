-- segue: phase expand
UPDATE log SET line = '' WHERE line IS NULL;
-- segue: phase expand
UPDATE tags SET slug = replace(lower(slug), ' ', '-') WHERE slug <> replace(lower(slug), ' ', '-');
ALTER TABLE log ALTER COLUMN line SET NOT NULL;
ALTER TABLE tags ADD CONSTRAINT plain CHECK (slug !~ ' ');
