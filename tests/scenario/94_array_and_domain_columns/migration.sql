-- segue: up   boxes.tags = string_to_array(tags, ',')
-- segue: down boxes.tags = array_to_string(tags, ',')
ALTER TABLE boxes ALTER COLUMN tags TYPE text[] USING string_to_array(tags, ',');
-- segue: up boxes.longest = (SELECT max(s) FROM unnest(sides) AS s)
ALTER TABLE boxes ADD COLUMN longest integer;
