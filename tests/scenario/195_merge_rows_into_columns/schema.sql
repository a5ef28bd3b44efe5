CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE phones (
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('home', 'work')),
    number text NOT NULL,
    PRIMARY KEY (user_id, kind)
);
INSERT INTO users SELECT g, 'user ' || g FROM generate_series(1, 300) AS g;
INSERT INTO phones SELECT g, 'home', '030-' || g FROM generate_series(1, 300, 2) AS g;
INSERT INTO phones SELECT g, 'work', '040-' || g FROM generate_series(1, 300, 3) AS g;
