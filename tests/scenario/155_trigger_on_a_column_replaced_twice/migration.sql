DROP TRIGGER IF EXISTS meter_changed ON meters;
-- segue: up meters.reading = reading * 1000
-- segue: down meters.reading = (reading / 1000)::integer
ALTER TABLE meters ALTER COLUMN reading TYPE bigint USING reading * 1000;
-- segue: up meters.unit = replace(unit, 'k', '')
-- segue: down meters.unit = 'k' || replace(unit, 'k', '')
ALTER TABLE meters ALTER COLUMN unit TYPE varchar(80);
ALTER TABLE meters RENAME TO gauges;
CREATE TRIGGER meter_changed BEFORE UPDATE OF reading, unit ON gauges FOR EACH ROW
    WHEN (OLD.reading IS DISTINCT FROM NEW.reading) EXECUTE FUNCTION meter_changed();
COMMENT ON TRIGGER meter_changed ON public.gauges IS 'counts';
