-- The key by which rows are partitioned is changed by both versions: rows move, with what either of them wrote.
CREATE TABLE tasks (
    id bigint NOT NULL,
    state text NOT NULL CONSTRAINT state_known CHECK (state IN ('open', 'done', 'dropped')),
    title text NOT NULL,
    PRIMARY KEY (id, state)
) PARTITION BY LIST (state);
CREATE TABLE tasks_open PARTITION OF tasks FOR VALUES IN ('open');
CREATE TABLE tasks_done (title text NOT NULL, state text NOT NULL CONSTRAINT state_known CHECK (state IN ('open', 'done', 'dropped')), id bigint NOT NULL);
ALTER TABLE tasks ATTACH PARTITION tasks_done FOR VALUES IN ('done');
CREATE TABLE tasks_rest PARTITION OF tasks DEFAULT;
INSERT INTO tasks SELECT i, (ARRAY['open', 'done', 'dropped'])[1 + i % 3], 'Task No ' || i FROM generate_series(1, 600) AS i;
ANALYZE;
