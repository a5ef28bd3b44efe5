CREATE TYPE priority AS ENUM ('low', 'high');
CREATE TABLE tasks (
    id bigint PRIMARY KEY,
    priority priority NOT NULL,
    title text
);
INSERT INTO tasks SELECT i, (ARRAY['low', 'high'])[1 + i % 2]::priority, 'title ' || i FROM generate_series(1, 600) i;
