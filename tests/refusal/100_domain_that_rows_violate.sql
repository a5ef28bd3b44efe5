ALTER DOMAIN odd_number ADD CONSTRAINT small CHECK (VALUE < 9);
-- expect: 17 rows of typed have a value in "odd" that domain "odd_number" will not allow
