--: before
CREATE TABLE lines (order_id bigint, line integer, text text);
INSERT INTO lines SELECT n, 1, 'text' FROM generate_series(1, 1000) n;
--: bad
ALTER TABLE lines ADD PRIMARY KEY (order_id, line);
--: good
SET lock_timeout = '100ms';
ALTER TABLE lines ADD CONSTRAINT keys_there CHECK (order_id IS NOT NULL AND line IS NOT NULL) NOT VALID;
ALTER TABLE lines VALIDATE CONSTRAINT keys_there;
ALTER TABLE lines ALTER COLUMN order_id SET NOT NULL, ALTER COLUMN line SET NOT NULL;
ALTER TABLE lines DROP CONSTRAINT keys_there;
SET lock_timeout = 0;
CREATE UNIQUE INDEX CONCURRENTLY lines_pkey ON lines (order_id, line);
SET lock_timeout = '100ms';
ALTER TABLE lines ADD CONSTRAINT lines_pkey PRIMARY KEY USING INDEX lines_pkey;
