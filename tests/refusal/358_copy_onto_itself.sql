-- segue: copy doors from doors: id = id, note = state::text key (id)
ALTER TABLE doors ADD COLUMN note text;
-- line: 1
-- expect: copy of table "doors" onto itself
-- expect: up and down
