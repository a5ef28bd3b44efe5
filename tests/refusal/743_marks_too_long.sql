-- segue: marks alembic bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb after a
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: column version_num of table alembic_version takes no more than 32 characters
-- expect: 33
