-- segue: up sums.b = total
-- expect: a generated column, whose value is not yet known
ALTER TABLE sums ADD COLUMN b integer;
