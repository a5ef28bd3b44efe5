ALTER TABLE visits ADD COLUMN number bigserial;
