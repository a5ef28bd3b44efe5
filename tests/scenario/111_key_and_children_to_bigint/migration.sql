-- segue: down authors.id = id::integer
-- segue: down books.id = id::integer
-- segue: down books.author_id = author_id::integer
-- segue: down loans.book_id = book_id::integer
ALTER TABLE authors ALTER COLUMN id TYPE bigint;
ALTER TABLE books ALTER COLUMN id TYPE bigint, ALTER COLUMN author_id TYPE bigint;
ALTER TABLE loans ALTER COLUMN book_id TYPE bigint;
