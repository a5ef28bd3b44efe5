-- segue: up sessions.size = length(data)
ALTER TABLE sessions ADD COLUMN size integer NOT NULL;
