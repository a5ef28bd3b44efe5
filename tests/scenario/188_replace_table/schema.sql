CREATE TABLE users (
    id bigserial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    born date,
    score integer NOT NULL DEFAULT 0
);
CREATE INDEX users_by_name ON users (last_name);
INSERT INTO users (first_name, last_name, born, score)
SELECT 'First' || g, 'Last ' || g, date '1970-01-01' + g * 17, g % 11 FROM generate_series(1, 500) AS g;
