ALTER TYPE day_range RENAME TO day_range_old;
CREATE TYPE day_range AS RANGE (SUBTYPE = timestamptz);
-- line: 1
-- expect: range type
