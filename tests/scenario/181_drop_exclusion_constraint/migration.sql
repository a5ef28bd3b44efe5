ALTER TABLE stays DROP CONSTRAINT one_at_a_time;
ALTER TABLE stays ADD COLUMN note text DEFAULT 'none';
