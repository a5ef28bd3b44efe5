-- segue: copy users from profiles: id = user_id, bio = bio, avatar = avatar key (id)
-- segue: back profiles from users: user_id = id, bio = bio, avatar = avatar where bio IS NOT NULL OR avatar IS NOT NULL
ALTER TABLE users ADD COLUMN bio text, ADD COLUMN avatar text;
DROP TABLE profiles;
