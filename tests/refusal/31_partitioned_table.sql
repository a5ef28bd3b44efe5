-- segue: up measured.doubled = value * 2
ALTER TABLE measured ADD COLUMN doubled integer;
-- expect: measured
-- expect: partition
