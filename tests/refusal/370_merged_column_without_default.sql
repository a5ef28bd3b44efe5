-- segue: copy users from moods: id = id, feeling = mood::text key (id)
-- segue: back moods from users: id = id, mood = feeling::mood
ALTER TABLE users ADD COLUMN feeling text NOT NULL;
DROP TABLE moods;
-- line: 3
-- expect: column "feeling" of table "users" is NOT NULL, and rows without a counterpart in "moods" have no value for it
