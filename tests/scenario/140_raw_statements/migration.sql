-- segue: up items.label_lower = lower(label)
ALTER TABLE items ADD COLUMN label_lower text;
-- segue: phase expand
-- segue: undo DELETE FROM settings WHERE key = 'lower'
INSERT INTO settings VALUES ('lower', 'on');
-- segue: phase expand
-- segue: undo none because "an analysis can stay"
ANALYZE items;
-- segue: phase expand
-- segue: undo DROP AGGREGATE IF EXISTS longest(text);
--     DROP FUNCTION IF EXISTS longer(text, text)
DO $do$
BEGIN
    CREATE FUNCTION public.longer(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS
        'SELECT CASE WHEN length($1) >= length($2) THEN $1 ELSE coalesce($2, $1) END';
    CREATE AGGREGATE public.longest(text) (SFUNC = longer, STYPE = text);
END $do$;
-- segue: phase contract
DO $$ BEGIN
    IF (SELECT count(*) FROM items WHERE label_lower = upper(label)) = 0 THEN
        COMMENT ON FUNCTION bump() IS 'of all settings';
    END IF;
END $$;
-- segue: phase contract
SELECT bump();
-- segue: phase contract
CALL tidy();
-- segue: phase contract
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
