CREATE TABLE posts (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    views integer NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT '2025-01-01 00:00+00'
);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.title IS DISTINCT FROM OLD.title OR NEW.views IS DISTINCT FROM OLD.views THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER touch BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO posts SELECT i, 'Title ' || i, i FROM generate_series(1, 800) i;
