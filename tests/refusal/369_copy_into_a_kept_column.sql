-- segue: copy users from moods: id = id, email = mood::text key (id)
-- segue: back moods from users: id = id, mood = email::mood
ALTER TABLE users ADD COLUMN note text;
DROP TABLE moods;
-- line: 1
-- expect: both versions have column "email" of table "users"
