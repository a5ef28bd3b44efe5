ALTER TABLE heirs INHERIT parents;
-- line: 1
-- expect: relation "parents" would be inherited from more than once
