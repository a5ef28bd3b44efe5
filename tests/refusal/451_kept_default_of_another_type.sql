-- expect: default for column "hue" cannot be cast automatically to type integer
-- expect: DROP DEFAULT before it
-- line: 5
-- segue: down typed.hue = CASE WHEN hue = 3 THEN 'red'::hue ELSE 'green'::hue END
ALTER TABLE typed ALTER COLUMN hue TYPE integer USING length(hue::text);
