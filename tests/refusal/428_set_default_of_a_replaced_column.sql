-- line: 5
-- expect: foreign key "fans_stadium_fkey" would set column "stadium" of table "fans" to its default
-- expect: drop it above this statement, and add it again in a migration after this one
-- segue: down fans.stadium = stadium::integer
ALTER TABLE fans ALTER COLUMN stadium TYPE numeric(9);
