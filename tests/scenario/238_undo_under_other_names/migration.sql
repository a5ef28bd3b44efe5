ALTER TABLE "Mixed" RENAME COLUMN "Größe" TO size;
-- segue: phase expand
-- segue: undo UPDATE "Mixed" AS m SET size = substr(m.size, 2) WHERE size LIKE '+g%'
UPDATE "Mixed" SET size = '+' || size WHERE "Mixed".size LIKE 'g%';
-- segue: phase expand
-- segue: undo none because "nobody misses them"
DELETE FROM "Mixed" WHERE a = 3;
ALTER TABLE "Mixed" RENAME COLUMN a TO x;
