-- line: 7
-- expect: foreign key "away_is_there" would set column "away" of table "fans" to its default
-- expect: add it in a migration after this one
-- segue: up fans.away = coalesce(away, 1)
-- segue: down fans.away = away
ALTER TABLE fans ALTER COLUMN away SET NOT NULL;
ALTER TABLE fans ADD CONSTRAINT away_is_there FOREIGN KEY (away) REFERENCES stadiums ON DELETE SET DEFAULT;
