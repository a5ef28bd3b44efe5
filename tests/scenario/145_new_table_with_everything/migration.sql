CREATE TABLE tasks (
    id bigint PRIMARY KEY,
    user_id bigint REFERENCES users,
    title text NOT NULL,
    changed date
);
CREATE FUNCTION touch_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := date '2025-01-01';
    RETURN NEW;
END $$;
CREATE TRIGGER touch BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION touch_task();
CREATE INDEX ON tasks (user_id);
CREATE STATISTICS task_titles ON user_id, title FROM tasks;
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON tasks USING (true);
GRANT SELECT ON tasks TO app_reader;
INSERT INTO tasks VALUES (1, NULL, 'read the manual', NULL), (2, NULL, 'write one', NULL);
ALTER TABLE tasks ALTER COLUMN title SET STATISTICS 20, SET (fillfactor = 80);
COMMENT ON TRIGGER touch ON tasks IS 'when';
COMMENT ON POLICY everyone ON tasks IS 'who';
-- segue: down users.name = name::text
-- segue: up users.name = trim(name)
ALTER TABLE users ALTER COLUMN name TYPE varchar(100);
CREATE FUNCTION task_of(tasks) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.title';
CREATE VIEW open_tasks AS SELECT t.id, t.title, u.name FROM tasks t JOIN users u ON u.id = t.user_id;
