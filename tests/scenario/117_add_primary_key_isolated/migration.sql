-- segue: up   readings.meter = coalesce(meter, 1000000 + value)
-- segue: down readings.meter = NULLIF(meter, 1000000 + value)
ALTER TABLE readings ADD CONSTRAINT readings_key PRIMARY KEY (meter);
