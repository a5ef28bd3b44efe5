-- segue: phase expand
UPDATE users SET email = lower(email) WHERE email <> lower(email);
-- segue: phase expand
UPDATE users SET age = NULL WHERE age < 0;
ALTER TABLE users ADD CONSTRAINT email_is_lower CHECK (email = lower(email));
ALTER TABLE users ADD CONSTRAINT age_is_sane CHECK (age >= 0);
