DROP TABLE teams;
DROP TABLE users;
-- line: 2
-- expect: user_ages
