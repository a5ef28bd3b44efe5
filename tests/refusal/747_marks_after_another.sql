-- segue: marks alembic c after b
ALTER TABLE users ADD COLUMN marked text;
-- expect: alembic is not at version b
-- expect: for example: a
