-- line: 7
-- expect: foreign key constraint "numbered_parent_fkey" cannot be implemented
-- expect: are of incompatible types: integer and text.
-- expect: change the columns on both sides in this file
-- segue: up numbered.id = id::text
-- segue: down numbered.id = id::integer
ALTER TABLE numbered ALTER COLUMN id TYPE text;
