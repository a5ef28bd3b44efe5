ALTER TABLE users ADD CONSTRAINT age_not_negative CHECK (age >= 0);
-- expect: age
-- expect: 9
-- expect: 100
