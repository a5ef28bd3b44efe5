-- Told where a file, `--schema-file` or `--url` has told of the table.
--: bad
CREATE TABLE IF NOT EXISTS customers (id bigint PRIMARY KEY, name text NOT NULL, language text NOT NULL);
--: good
SET lock_timeout = '100ms';
ALTER TABLE customers ADD COLUMN IF NOT EXISTS language text;
--: application
SELECT name, language FROM customers WHERE id = 1;
