ALTER TABLE moods ADD COLUMN pk bigserial;
-- line: 1
-- expect: serial
