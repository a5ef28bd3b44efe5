-- A file with annotations is a migration of segue's. What `segue start` refuses is told here already, in its words.
--: bad
-- segue: goal "smaller tables"
VACUUM orders;
--: good
-- segue: goal "orders know their country"
ALTER TABLE orders ADD COLUMN country text;
