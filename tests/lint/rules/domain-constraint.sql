--: before
CREATE DOMAIN address AS text;
CREATE TABLE letters (id bigint PRIMARY KEY, sent_to address);
INSERT INTO letters SELECT n, n || '@example.org' FROM generate_series(1, 1000) n;
--: bad
ALTER DOMAIN address ADD CONSTRAINT has_at CHECK (VALUE ~ '@');
--: good
SET lock_timeout = '100ms';
ALTER TABLE letters ADD CONSTRAINT has_at CHECK (sent_to ~ '@') NOT VALID;
ALTER TABLE letters VALIDATE CONSTRAINT has_at;
