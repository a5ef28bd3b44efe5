-- One of the two in a migration of its own.
ALTER TABLE measured ADD COLUMN note text;
ALTER TABLE measured DETACH PARTITION measured_2025;
-- expect: the file changes column "note" of table "measured" and its partitions as well
-- line: 3
