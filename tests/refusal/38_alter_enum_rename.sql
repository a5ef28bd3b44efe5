ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
-- line: 1
-- expect: ALTER TYPE
