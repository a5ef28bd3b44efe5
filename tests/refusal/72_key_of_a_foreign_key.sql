-- expect: constraint "numbered_pkey" of table "numbered" is needed by foreign key "numbered_parent_fkey"
-- expect: drop the foreign key above
ALTER TABLE numbered DROP CONSTRAINT numbered_pkey;
-- line: 3
