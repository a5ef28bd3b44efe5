CREATE TYPE parcel_state AS ENUM ('packed', 'sent', 'it''s lost');
COMMENT ON COLUMN parcels.code IS 'printed on the label';
-- segue: up parcels.state = CASE WHEN sent THEN 'sent'::parcel_state ELSE 'packed'::parcel_state END
-- segue: down parcels.sent = (state <> 'packed')
ALTER TABLE parcels ADD COLUMN state parcel_state NOT NULL DEFAULT 'packed';
ALTER TABLE parcels DROP COLUMN sent;
