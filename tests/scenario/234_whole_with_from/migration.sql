-- segue: phase expand
UPDATE people SET town_name = t.name FROM towns AS t WHERE t.code = people.town;
ALTER TABLE people ADD COLUMN country text NOT NULL DEFAULT 'NL';
