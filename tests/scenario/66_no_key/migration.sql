-- segue: up measurements.rounded = round(value)::integer
ALTER TABLE measurements ADD COLUMN rounded integer;
