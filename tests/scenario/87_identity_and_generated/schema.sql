CREATE TABLE shapes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    width integer NOT NULL,
    height integer NOT NULL,
    area integer GENERATED ALWAYS AS (width * height) STORED,
    colour text DEFAULT 'red'
);
INSERT INTO shapes (width, height) SELECT i % 50, i % 60 FROM generate_series(1, 800) i;
