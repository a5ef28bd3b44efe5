ALTER TABLE meters ALTER COLUMN unit SET NOT NULL;
ALTER TABLE meters DROP CONSTRAINT value_small;
ALTER TABLE meters ADD CONSTRAINT value_counts CHECK (value >= 0) NOT VALID;
ALTER TABLE meters ADD CONSTRAINT unit_known CHECK (unit <> '');
ALTER TABLE meters ALTER COLUMN seen DROP NOT NULL, ALTER COLUMN seen SET DEFAULT true;
-- segue: up meters.value = coalesce(value, 0)
ALTER TABLE meters ALTER COLUMN value SET NOT NULL;
ALTER TABLE meters RENAME CONSTRAINT meters_pkey TO meters_key;
