DROP INDEX no_such_index;
-- line: 1
-- expect: no_such_index
