-- segue: up translations.upper_phrase = upper(phrase)
ALTER TABLE translations ADD COLUMN upper_phrase text NOT NULL;
