--: script
\set ON_ERROR_STOP on
SET lock_timeout TO 2000;
CREATE INDEX a ON orders (code);
SET lock_timeout = '3s';
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL; CREATE INDEX b ON orders (note)
