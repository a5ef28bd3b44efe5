-- segue: allow ambiguous-copy because "the newest one is right"
-- segue: copy publishers from books: code = publisher_code, name = coalesce(publisher_name, '?'), city = publisher_city key (code)
-- segue: back books from publishers: publisher_name = name, publisher_city = city
CREATE TABLE publishers (
    code integer PRIMARY KEY,
    name text NOT NULL,
    city text
);
ALTER TABLE books DROP COLUMN publisher_name, DROP COLUMN publisher_city;
