CREATE TABLE events (
    id bigint PRIMARY KEY,
    payload jsonb NOT NULL DEFAULT '{}',
    extra json
);
INSERT INTO events SELECT i, jsonb_build_object('n', i, 's', 'x' || i), json_build_object('k', i) FROM generate_series(1, 600) i;
