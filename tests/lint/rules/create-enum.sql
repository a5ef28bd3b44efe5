--: bad
CREATE TYPE mood AS ENUM ('calm', 'merry');
ALTER TYPE mood DROP VALUE 'merry';
--: good
CREATE TABLE moods (mood text PRIMARY KEY);
INSERT INTO moods (mood) VALUES ('calm'), ('merry');
DELETE FROM moods WHERE mood = 'merry';
