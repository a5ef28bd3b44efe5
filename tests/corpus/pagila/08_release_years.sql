-- segue: goal "the first films of all are in the catalogue too, and ratings of series"
ALTER DOMAIN year DROP CONSTRAINT year_check;
ALTER DOMAIN year ADD CONSTRAINT year_check CHECK (VALUE >= 1888 AND VALUE <= 2155);
-- segue: phase expand
ALTER TYPE mpaa_rating ADD VALUE 'TV-MA' AFTER 'R';
ALTER TABLE film ALTER COLUMN replacement_cost TYPE numeric(8, 2);
-- segue: down film.replacement_cost = least(replacement_cost, 999.99)
ALTER TABLE film ADD CONSTRAINT film_length_check CHECK (length > 0 OR length IS NULL) NOT VALID;
