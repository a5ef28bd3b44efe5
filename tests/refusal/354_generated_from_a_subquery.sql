ALTER TABLE users ADD COLUMN teams bigint GENERATED ALWAYS AS ((SELECT count(*) FROM teams)) STORED;
-- line: 1
-- expect: column "teams": columns cannot be renamed in an expression with a subquery
