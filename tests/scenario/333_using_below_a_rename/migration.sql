-- USING takes the names that columns have at its place in the file: here the table's and the columns' new ones, one of
-- them a name that another column had before.
ALTER TABLE paints RENAME TO pigments;
ALTER TABLE pigments RENAME COLUMN colour TO hue;
ALTER TABLE pigments RENAME COLUMN tone TO colour;
ALTER TABLE pigments RENAME COLUMN shade TO "Shade no";
-- segue: down pigments.colour = hue::real
ALTER TABLE pigments ALTER COLUMN hue TYPE double precision USING pigments.hue * 2 - hue;
-- segue: down pigments.shade = "Shade no"::text
ALTER TABLE pigments ALTER COLUMN "Shade no" TYPE integer USING "Shade no"::integer;
-- segue: down pigments.tone = colour::integer
ALTER TABLE pigments ALTER COLUMN colour TYPE text USING colour::text;
