-- segue: up log.words = string_to_array(line, ' ')
-- segue: down log.line = array_to_string(words, ' ')
ALTER TABLE log ADD COLUMN words text[] NOT NULL, DROP COLUMN line;
ALTER TABLE log RENAME COLUMN level TO severity;
CREATE INDEX log_words ON log USING gin (words);
ALTER TABLE log ADD COLUMN received timestamptz DEFAULT '2026-01-01 00:00+00';
