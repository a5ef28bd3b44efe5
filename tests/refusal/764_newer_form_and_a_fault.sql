ALTER TABLE users ADD CONSTRAINT old_enough CHEK (age > 17) NOT ENFORCED;
-- line: 1
-- expect: syntax error at or near "CHEK"
-- expect: 15 stops reading
