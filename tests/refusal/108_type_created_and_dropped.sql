CREATE TYPE spare AS ENUM ('a');
DROP TYPE spare;
-- line: 2
-- expect: type "spare" is created and dropped in the same file
