-- expect: the value 'a mood that nobody can say in less than sixty-four bytes, alas, alas' is longer than 63 bytes
-- expect: shorten it
-- line: 4
ALTER TYPE mood ADD VALUE 'a mood that nobody can say in less than sixty-four bytes, alas, alas';
