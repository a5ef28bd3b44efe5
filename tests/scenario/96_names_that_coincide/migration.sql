-- segue: up name.lower = lower(name) || length(name) || "new" || "old"
ALTER TABLE name ADD COLUMN lower text;
-- segue: up name.upper = name.name || name.length
ALTER TABLE name ADD COLUMN upper text NOT NULL;
