CREATE TABLE users (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    visits integer NOT NULL DEFAULT 0
);
CREATE VIEW names AS SELECT id, first_name || ' ' || last_name AS name, visits FROM users;
CREATE VIEW frequent AS SELECT id FROM users WHERE id % 2 = 0;
COMMENT ON VIEW names IS 'what the list shows';
INSERT INTO users SELECT i, 'First' || i, 'Last' || i, i FROM generate_series(1, 600) i;
