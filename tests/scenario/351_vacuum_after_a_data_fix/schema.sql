-- Large enough for a vacuum of its own after the rows were mended in phase expand.
CREATE TABLE visits (
    id bigint PRIMARY KEY,
    seconds integer,
    page text NOT NULL
);
INSERT INTO visits
SELECT i, CASE WHEN i % 2 = 0 THEN NULL ELSE i END, 'page ' || i % 31
FROM generate_series(1, 12000) AS i;
ANALYZE visits;
