ALTER TABLE typed ADD COLUMN twice bigint GENERATED ALWAYS AS (base * 2) STORED;
CREATE INDEX typed_twice ON typed (twice);
-- line: 1
-- expect: "typed_twice" is on generated column "twice", which there is only from complete on
