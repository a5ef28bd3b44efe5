-- segue: marks alembic b
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: alembic knows one version, and the mark does not say which one it follows
-- expect: after none
