CREATE TABLE posts (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    slug text GENERATED ALWAYS AS (lower(title)) STORED,
    words integer NOT NULL GENERATED ALWAYS AS (length(title)) STORED,
    likes integer DEFAULT 0
);
CREATE INDEX posts_slug ON posts (slug);
COMMENT ON COLUMN posts.slug IS 'in the address';
INSERT INTO posts (id, title) SELECT i, 'Title ' || i FROM generate_series(1, 700) i;
