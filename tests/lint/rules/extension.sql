--: bad
CREATE EXTENSION pg_trgm;
--: good
-- segue: allow extension because "version 1.6 was tried on a copy"
CREATE EXTENSION pg_trgm VERSION '1.6';
