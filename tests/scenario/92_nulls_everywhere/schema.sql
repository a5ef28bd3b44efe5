CREATE TABLE sparse (
    id bigint PRIMARY KEY,
    a text,
    b text,
    c integer
);
INSERT INTO sparse SELECT i, CASE WHEN i % 2 = 0 THEN 'a' || i END, CASE WHEN i % 3 = 0 THEN 'b' || i END, NULL
FROM generate_series(1, 900) i;
