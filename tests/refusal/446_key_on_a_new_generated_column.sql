ALTER TABLE typed ADD COLUMN twice integer GENERATED ALWAYS AS (base * 2) STORED;
ALTER TABLE typed ADD CONSTRAINT typed_twice FOREIGN KEY (twice) REFERENCES teams;
-- line: 2
-- expect: "typed_twice" is on a generated column, which there is only from complete on
