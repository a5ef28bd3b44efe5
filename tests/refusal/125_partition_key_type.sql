-- A column by which a table is partitioned has the type that it has.
-- segue: down measured.at = at::date
ALTER TABLE measured ALTER COLUMN at TYPE timestamp;
-- expect: other objects depend on it
-- expect: partition key measured
-- line: 3
