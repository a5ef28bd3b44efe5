-- segue: marks django shop.0007_full_name
ALTER TABLE users ADD COLUMN marked text;
-- line: 1
-- expect: column who of table django_migrations needs a value, and it is none of those that django gives one
