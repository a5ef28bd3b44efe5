-- segue: down readings.value = value::text
-- segue: down readings.taken = to_char(taken, 'YYYY-MM-DD')
ALTER TABLE readings ALTER COLUMN value TYPE integer USING value::integer;
ALTER TABLE readings ALTER COLUMN taken TYPE date USING to_date(taken, 'YYYY-MM-DD');
