-- segue: up nothing.label = name || '!'
-- segue: up nothing.kind = coalesce(kind, 'none')
ALTER TABLE nothing ADD COLUMN label text NOT NULL;
ALTER TABLE nothing ALTER COLUMN kind SET NOT NULL;
