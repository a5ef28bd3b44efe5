ALTER TABLE alerts DROP CONSTRAINT known;
ALTER TYPE level RENAME TO level_old;
CREATE TYPE level AS ENUM ('low', 'mid', 'high');
ALTER TABLE alerts ALTER COLUMN history DROP DEFAULT,
    ALTER COLUMN level TYPE level USING level::text::level,
    ALTER COLUMN history TYPE level[] USING history::text[]::level[];
ALTER TABLE alerts ALTER COLUMN history SET DEFAULT '{}'::level[];
ALTER TABLE rules ALTER COLUMN least DROP DEFAULT,
    ALTER COLUMN least TYPE level USING least::text::level,
    ALTER COLUMN least SET DEFAULT 'mid';
DROP TYPE level_old;
