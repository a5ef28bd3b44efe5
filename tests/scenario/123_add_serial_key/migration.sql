ALTER TABLE log ADD COLUMN id bigserial PRIMARY KEY;
ALTER TABLE log ADD COLUMN batch serial;
COMMENT ON COLUMN log.id IS 'at last';
