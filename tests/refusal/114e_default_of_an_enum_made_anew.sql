CREATE TYPE hue_new AS ENUM ('red');
ALTER TABLE typed ALTER COLUMN hue TYPE hue_new USING hue::text::hue_new;
-- line: 2
-- expect: default for column "hue" cannot be cast automatically to type hue_new
