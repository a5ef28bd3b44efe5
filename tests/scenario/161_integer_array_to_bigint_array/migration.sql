-- segue: down samples.readings = readings::integer[]
-- segue: down samples.marks = marks::smallint[]
ALTER TABLE samples ALTER COLUMN readings TYPE bigint[], ALTER COLUMN marks TYPE integer[];
