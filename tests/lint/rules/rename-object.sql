--: before
CREATE TYPE mood AS ENUM ('calm');
ALTER TABLE customers ADD COLUMN mood mood;
--: bad
ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet';
--: good
ALTER TYPE mood ADD VALUE 'quiet';
--: application
SELECT count(*) FROM customers WHERE mood = 'calm'::text::mood;
