ALTER TYPE hue RENAME VALUE 'red' TO 'green';
-- line: 1
-- expect: enum label "green" already exists
