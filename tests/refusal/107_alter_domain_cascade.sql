ALTER DOMAIN odd_number DROP CONSTRAINT odd_number_check CASCADE;
-- line: 1
-- expect: ALTER DOMAIN … CASCADE does not say what else it changes
