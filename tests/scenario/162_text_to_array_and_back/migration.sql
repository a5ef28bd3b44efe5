-- segue: up   articles.tags = string_to_array(tags, ',')
-- segue: down articles.tags = array_to_string(tags, ',')
ALTER TABLE articles ALTER COLUMN tags DROP DEFAULT,
    ALTER COLUMN tags TYPE text[] USING string_to_array(tags, ','),
    ALTER COLUMN tags SET DEFAULT '{}';
-- segue: up   articles.authors = array_to_string(authors, ';')
-- segue: down articles.authors = string_to_array(authors, ';')
ALTER TABLE articles ALTER COLUMN authors DROP DEFAULT,
    ALTER COLUMN authors TYPE text USING array_to_string(authors, ';'),
    ALTER COLUMN authors SET DEFAULT 'nobody';
