CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    bio_length integer
);
CREATE TABLE profiles (
    user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    bio text,
    avatar text DEFAULT 'none.png'
);
INSERT INTO users SELECT g, 'user ' || g FROM generate_series(1, 500) AS g;
INSERT INTO profiles SELECT g, 'bio of ' || g, CASE WHEN g % 3 > 0 THEN g || '.png' END
FROM generate_series(1, 500, 2) AS g;
