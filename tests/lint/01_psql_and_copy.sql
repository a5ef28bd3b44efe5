-- What psql would not send to the server is passed over, and the rest is read.
-- expect: 10 error create-index
-- expect: 10 warning no-lock-timeout
-- expect: 10 note not-repeatable
-- expect: 17 error add-check
\set ON_ERROR_STOP on
\connect shop
\if :{?quiet}
\endif
CREATE INDEX users_email ON users (email);
COPY users (id, email) FROM stdin;
1	it's; a row ' with /* quotes
2	CREATE INDEX x ON users (email);
\.
SELECT :'name' AS name, :id + 1 \gset
\echo ALTER TABLE users ADD CHECK (false);
ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0);
