CREATE TABLE topics (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text
);
INSERT INTO topics (title) SELECT 'title ' || i FROM generate_series(1, 600) i;
