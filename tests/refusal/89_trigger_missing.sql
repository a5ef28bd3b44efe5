DROP TRIGGER watcher ON users;
-- line: 1
-- expect: trigger "watcher" does not exist
