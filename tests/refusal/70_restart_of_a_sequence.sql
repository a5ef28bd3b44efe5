-- expect: RESTART of a sequence is not something segue can do online yet
-- expect: both versions draw from it while they live
ALTER TABLE users ADD COLUMN no bigserial;
ALTER SEQUENCE users_no_seq RESTART WITH 5;
-- line: 4
