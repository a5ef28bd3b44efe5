-- expect: INSERT runs at complete, when table "moods", which it names, is dropped
-- segue: phase contract
INSERT INTO outgoing SELECT id FROM moods;
DROP TABLE moods;
