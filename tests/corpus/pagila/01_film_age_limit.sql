-- segue: goal "films say from which age on they may be rented"   owner: catalogue
-- segue: up film.age_limit = CASE rating WHEN 'PG-13' THEN 13 WHEN 'R' THEN 17 WHEN 'NC-17' THEN 18 ELSE 0 END
ALTER TABLE film ADD COLUMN age_limit smallint NOT NULL DEFAULT 0 CHECK (age_limit BETWEEN 0 AND 21);
ALTER TABLE film ADD COLUMN imdb_id text;
CREATE UNIQUE INDEX idx_unq_film_imdb_id ON film (imdb_id) WHERE imdb_id IS NOT NULL;
CREATE INDEX idx_film_rating_age_limit ON film (rating, age_limit DESC);
COMMENT ON COLUMN film.age_limit IS 'years; 0: everybody';
