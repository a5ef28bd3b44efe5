CREATE TABLE books (
    isbn text PRIMARY KEY,
    title text NOT NULL,
    publisher_code integer,
    publisher_name text,
    publisher_city text
);
CREATE INDEX ON books (publisher_code);
INSERT INTO books SELECT 'isbn' || g, 'Title ' || g, CASE WHEN g % 6 > 0 THEN g % 70 END, CASE WHEN g % 6 > 0 THEN 'P' || g % 70 END,
    CASE WHEN g % 6 > 0 THEN 'C' || (g % 70) % 4 END FROM generate_series(1, 500) AS g;
