-- expect: is longer than 63 bytes
-- line: 3
CREATE TYPE weather AS ENUM ('dry', 'a kind of weather that nobody can name in less than sixty-four bytes, alas');
