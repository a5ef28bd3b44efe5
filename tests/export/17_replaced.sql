ALTER TABLE users DROP CONSTRAINT known, ADD CONSTRAINT known CHECK (n > 0);
-- expect: the file makes "known" and takes it away, or makes it twice
