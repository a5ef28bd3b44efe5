ALTER TYPE mood ADD VALUE 'calm';
-- line: 1
-- expect: -- segue: down moods.mood =
