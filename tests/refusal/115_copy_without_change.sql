-- segue: copy people from users: id = id, name = first_name key (id)
CREATE TABLE people (id bigint PRIMARY KEY, name text);
-- line: 1
-- expect: the file does not change table "users"
-- expect: drop the columns that move
