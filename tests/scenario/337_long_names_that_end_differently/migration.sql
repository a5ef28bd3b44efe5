-- Names of the server's own making that differ in their last bytes alone, and columns that do.
-- segue: up levels.label = coalesce(label, 'none')
ALTER TABLE levels ALTER COLUMN label SET NOT NULL;
ALTER TABLE levels ALTER COLUMN zone_long_name_long_name_long_name_long_name_long_name_long_na2 SET NOT NULL;
ALTER TABLE levels ALTER COLUMN zone_long_name_long_name_long_name_long_name_long_name_long_na3 SET NOT NULL;
