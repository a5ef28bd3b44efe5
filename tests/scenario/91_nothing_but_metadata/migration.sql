ALTER TABLE drawers ALTER COLUMN depth SET DEFAULT 40;
ALTER INDEX drawers_name RENAME TO drawers_by_name;
COMMENT ON TABLE drawers IS 'in the cabinet';
