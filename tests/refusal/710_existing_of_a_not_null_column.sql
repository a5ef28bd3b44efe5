-- expect: column "rank" of table "teams" is NOT NULL without a default, and no up says what rows of the old version get
-- segue: existing teams.rank = 1
ALTER TABLE teams ADD COLUMN rank integer NOT NULL;
