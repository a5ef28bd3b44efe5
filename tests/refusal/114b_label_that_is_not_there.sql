ALTER TYPE hue RENAME VALUE 'blue' TO 'azure';
-- line: 1
-- expect: "blue" is not an existing enum label
