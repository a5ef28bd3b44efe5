-- segue: up parents.upper_label = upper(label)
ALTER TABLE parents ADD COLUMN upper_label text;
-- expect: parents
-- expect: inherit
