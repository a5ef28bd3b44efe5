ALTER TABLE users SET TABLESPACE pg_default;
-- line: 1
-- expect: TABLESPACE
