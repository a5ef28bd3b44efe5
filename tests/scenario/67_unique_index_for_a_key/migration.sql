-- segue: up sessions.size = coalesce(length(data), 0)
ALTER TABLE sessions ADD COLUMN size integer NOT NULL;
