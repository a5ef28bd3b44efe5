-- Rows already present are published; new ones start as drafts.
-- segue: existing articles.state = 2
-- segue: existing articles.visible = true
ALTER TABLE articles ADD COLUMN state smallint NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN visible boolean NOT NULL DEFAULT false;
