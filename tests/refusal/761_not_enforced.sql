ALTER TABLE users ADD CONSTRAINT old_enough CHECK (age > 17) NOT ENFORCED;
-- line: 1
-- expect: "not enforced" came with PostgreSQL 18
-- expect: have it enforced
