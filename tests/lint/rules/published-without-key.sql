-- Told where the publication is known: of a file, `--schema-file` or `--url`; publications of whole schemas are not looked at.
--: before
CREATE TABLE visits (page text, at timestamptz);
INSERT INTO visits VALUES ('/', now());
--: bad
CREATE PUBLICATION reports FOR TABLE visits;
--: good
SET lock_timeout = '100ms';
ALTER TABLE visits REPLICA IDENTITY FULL;
-- segue: allow replica-identity because "few rows of it are ever changed"
CREATE PUBLICATION reports FOR TABLE visits;
--: application
UPDATE visits SET page = '/start' WHERE page = '/';
