-- expect: sequence "brief" is created and dropped in the same file
CREATE SEQUENCE brief;
DROP SEQUENCE brief;
-- line: 3
