ALTER TABLE users OWNER TO nobody_of_that_name;
-- line: 1
-- expect: role "nobody_of_that_name" does not exist
