-- What PostgreSQL 17 and 18 know stays what it is while other columns change.
-- segue: up sums.label = label || '!'
-- segue: down sums.label = rtrim(label, '!')
-- segue: up meals.note = '<' || note || '>'
-- segue: down meals.note = substr(note, 2, length(note) - 2)
ALTER TABLE sums ALTER COLUMN label TYPE varchar(50);
ALTER TABLE sums RENAME COLUMN a TO half;
ALTER TABLE sums DROP COLUMN thrice;
ALTER TABLE loose RENAME COLUMN sum TO of_sum;
ALTER TABLE loose DROP CONSTRAINT small;
ALTER TABLE loose ADD COLUMN more integer NOT NULL DEFAULT 3;
ALTER TABLE stays RENAME COLUMN at TO span;
ALTER TABLE stays ADD COLUMN guests integer NOT NULL DEFAULT 1;
ALTER TABLE meals ALTER COLUMN note TYPE varchar(100);
