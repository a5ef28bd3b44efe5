CREATE INDEX CONCURRENTLY parcels_weight ON parcels (weight);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS parcels_code ON parcels (code);
