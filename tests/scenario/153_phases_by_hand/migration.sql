-- segue: phase expand
CREATE VIEW halves AS SELECT id, amount / 2 AS half FROM rates;
COMMENT ON VIEW halves IS 'half of it';
-- segue: phase expand
-- segue: undo CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'
CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $1';
-- segue: phase expand
-- segue: undo REVOKE SELECT ON rates FROM app_reader
GRANT SELECT ON rates TO app_reader;
-- segue: phase contract
CREATE OR REPLACE VIEW amounts AS SELECT id, amount, amount * 3 AS thrice FROM rates;
-- segue: phase contract
CREATE FUNCTION thrice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 3';
ALTER TABLE rates ADD COLUMN note text;
