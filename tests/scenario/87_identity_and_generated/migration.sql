-- segue: up   shapes.label = coalesce(colour, 'no') || ' shape'
-- segue: down shapes.colour = split_part(label, ' ', 1)
ALTER TABLE shapes ADD COLUMN label text;
ALTER TABLE shapes DROP COLUMN colour;
CREATE INDEX shapes_area ON shapes (area);
