-- segue: copy doors from moods: id = id, feeling = mood::text key (id)
ALTER TABLE doors ADD COLUMN feeling text;
-- line: 1
-- expect: copy between "doors" and "moods", which both versions have, is not something segue can do online yet
