-- What the file makes itself nobody waits for.
-- expect: nothing
BEGIN;
CREATE TABLE parts (id bigint PRIMARY KEY, a bigint, b text);
CREATE INDEX parts_a ON parts (a);
ALTER TABLE parts ADD COLUMN c uuid DEFAULT gen_random_uuid();
ALTER TABLE parts ALTER COLUMN b SET NOT NULL;
ALTER TABLE parts ADD CONSTRAINT c CHECK (a > 0);
COMMIT;
