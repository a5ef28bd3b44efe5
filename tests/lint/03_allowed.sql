-- An annotation accepts a finding of the statement behind it, or on whose last line it stands.
-- expect: 8 note not-repeatable
-- expect: 10 note unused-allow
-- expect: 12 warning unknown-rule
-- expect: 14 error create-index
SET lock_timeout = '100ms';
-- segue: allow create-index because "the table has ten rows"
CREATE INDEX a ON users (a);
SET lock_timeout = '100ms';
-- segue: allow add-check because "there is none"
SELECT 1;
-- segue: allow creat-index because "it is misspelt"
SET lock_timeout = '100ms';
CREATE INDEX IF NOT EXISTS b
    ON users (b); -- segue: allow not-repeatable because "it is not found either"
-- expect: 15 note unused-allow
