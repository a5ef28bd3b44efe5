-- A default that means something, with and without a word about the rows that are there.
-- expect: 7 warning default-trap
-- expect: 12 warning default-trap
-- arguments: --level warning
SET lock_timeout = '100ms';
ALTER TABLE articles ADD COLUMN title_length bigint NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN status text NOT NULL DEFAULT 'draft';
ALTER TABLE articles ADD COLUMN is_hidden boolean;
-- segue: existing articles.state = 'published'
ALTER TABLE articles ADD COLUMN state text NOT NULL DEFAULT 'draft';
CREATE TYPE feeling AS ENUM ('good', 'bad');
ALTER TABLE articles ADD COLUMN mood feeling NOT NULL DEFAULT 'good';
