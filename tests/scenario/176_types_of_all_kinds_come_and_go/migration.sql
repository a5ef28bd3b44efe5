CREATE DOMAIN level AS smallint DEFAULT 1 CONSTRAINT in_house CHECK (VALUE BETWEEN 1 AND 99);
ALTER DOMAIN level ADD CONSTRAINT not_thirteen CHECK (VALUE <> 13);
CREATE TYPE extent AS (width integer, depth integer, unit text);
CREATE TYPE hours AS RANGE (SUBTYPE = integer);
-- segue: down rooms.floor = floor::integer
ALTER TABLE rooms ALTER COLUMN floor TYPE level;
-- segue: up   rooms.size = ROW((size).a, (size).b, 'm')::extent
-- segue: down rooms.size = ROW((size).width, (size).depth)::old_pair
ALTER TABLE rooms ALTER COLUMN size TYPE extent USING ROW((size).a, (size).b, 'm')::extent;
-- segue: up   rooms.open = hours(opens, closes)
-- segue: down rooms.opens = lower(open)
-- segue: down rooms.closes = upper(open)
ALTER TABLE rooms ADD COLUMN open hours NOT NULL;
ALTER TABLE rooms DROP COLUMN opens, DROP COLUMN closes;
DROP TYPE unused;
DROP DOMAIN gone;
DROP TYPE old_pair;
CREATE TABLE doors (id bigint PRIMARY KEY, room bigint, leads level NOT NULL, cut extent);
COMMENT ON TYPE extent IS 'how large';
