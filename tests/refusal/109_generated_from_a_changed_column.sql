-- segue: down typed.base = base::integer
ALTER TABLE typed ALTER COLUMN base TYPE bigint;
ALTER TABLE typed ADD COLUMN twice bigint GENERATED ALWAYS AS (base * 2) STORED;
-- line: 3
-- expect: generated column "twice" reads "base", which this file adds or changes
