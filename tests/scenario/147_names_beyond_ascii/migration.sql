DROP VIEW "Übersicht";
DROP TRIGGER "Täglich ""neu""" ON "Größen";
DROP POLICY "Nur größere" ON public."Größen";
-- segue: down "Größen"."Länge" = least("Länge", 2147483647)::integer
ALTER TABLE "Größen" ALTER COLUMN "Länge" TYPE bigint;
CREATE VIEW "Übersicht" AS SELECT g."Id", g."Länge", s."from" FROM "Größen" g JOIN public."SELECT" s ON s.id = g."Id";
CREATE VIEW "another name of sixty-three bytes, as long as a view's name is!!" AS
    SELECT "a name of sixty-three bytes, which is as long as names may be!!" FROM public."Größen";
CREATE OR REPLACE FUNCTION "Zähle"("Größe" integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 2';
CREATE FUNCTION "Zähle"("Größe" bigint, "Schritt" integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $ü$SELECT $1 + $2$ü$;
CREATE TRIGGER "Täglich ""neu""" BEFORE UPDATE OF "Länge" ON "Größen" FOR EACH ROW
    WHEN (OLD."Länge" <> NEW."Länge") EXECUTE FUNCTION "Auslöser"();
CREATE POLICY "Nur größere" ON "Größen" FOR SELECT USING ("Länge" > 1);
COMMENT ON TRIGGER "Täglich ""neu""" ON "Größen" IS 'jeden Tag „neu“';
COMMENT ON VIEW "Übersicht" IS 'Übersicht';
GRANT SELECT ON "Übersicht", "Größen" TO app_reader;
ALTER TABLE "Größen" ALTER COLUMN "a name of sixty-three bytes, which is as long as names may be!!" SET STATISTICS 40;
