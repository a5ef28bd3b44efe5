CREATE OR REPLACE FUNCTION user_count() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- line: 1
-- expect: cannot change return type of existing function
