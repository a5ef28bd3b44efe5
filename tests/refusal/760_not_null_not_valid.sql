ALTER TABLE users ADD CONSTRAINT there NOT NULL nick NOT VALID;
-- line: 1
-- expect: "not null as a constraint of the table" came with PostgreSQL 18
-- expect: SET NOT NULL
