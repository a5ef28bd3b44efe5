-- segue: up words.folded = lower(word)
ALTER TABLE words ADD COLUMN folded text COLLATE "POSIX" NOT NULL;
ALTER TABLE words ADD COLUMN IF NOT EXISTS note text COLLATE "C" DEFAULT 'none';
