-- segue: copy users from moods: id = id, feeling = mood::text key (id)
-- segue: back moods from users: id = id, mood = feeling::mood
-- segue: up users.feeling = 'none'
ALTER TABLE users ADD COLUMN feeling text;
DROP TABLE moods;
-- line: 3
-- expect: column "feeling" takes its value from a row of another table already
